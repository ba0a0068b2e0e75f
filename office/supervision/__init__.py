"""Supervision 督查督办 (rules.md V1 to V10): tasks from entry to strike-off."""
