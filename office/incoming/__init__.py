"""Files that come in: what kind each is, told by its content, and what stands on its first page.

Everything here runs in a process of its own (office/attachments.py): it is given bytes and gives back
text, and imports nothing of ours but this folder.
"""
