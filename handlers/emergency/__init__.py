"""Emergencies in chat: reported, worded, levelled, merged, closed (E1, E4)."""
