"""Meetings 办会 (rules.md M1 to M7)."""
