"""Conversation: a Telegram update, one act, an answer."""
