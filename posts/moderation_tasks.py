"""Where Celery finds the tasks of moderation: it looks for a module of this name in every room."""

from posts.moderation import tasks

__all__ = ["tasks"]
