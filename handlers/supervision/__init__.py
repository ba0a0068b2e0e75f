"""Supervision in chat: tasks and their import, progress, visits, campaigns, the bulletin (V1 to V10)."""
