"""Duty in chat: who is on and the hand-over, the log, the roster, swaps (E6)."""
