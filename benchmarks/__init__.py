"""Measurements of what must stay fast as the office's years go by. Not part of the installed program."""
