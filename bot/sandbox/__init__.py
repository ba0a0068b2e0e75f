"""A Bot-API-compatible server with a chat page, to try the office without a token."""

from bot.sandbox.cloud import Answer
from bot.sandbox.people import Group, NotPossibleError, Person
from bot.sandbox.server import Sandbox
from bot.sandbox.world import Button, Chat, Message

__all__ = ["Answer", "Button", "Chat", "Group", "Message", "NotPossibleError", "Person", "Sandbox"]
