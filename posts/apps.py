"""The posts room as a Django app."""

from django.apps import AppConfig
from django.urls import register_converter

from posts.comment_address import CommentConverter


class PostsConfig(AppConfig):
    """Registers the room; its tables and consumers are found by `config.apps`."""

    name = "posts"

    def ready(self) -> None:
        """Have its addresses understand `<comment:key>`."""
        register_converter(CommentConverter, "comment")
