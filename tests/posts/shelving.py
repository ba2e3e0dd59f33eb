"""Posts that their authors delete and archive in tests, and clients of who looks for them."""

from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from posts.entities import Post
from posts.services import post_delete
from posts.shelving import post_archive


def client_of(user: User | None) -> Client:
    """A browser, signed in or not."""
    client = Client()
    if user:
        client.force_login(user)
    return client


def api_of(user: User) -> APIClient:
    """A program that acts for somebody."""
    client = APIClient()
    client.force_authenticate(user)
    return client


def delete(post: Post) -> None:
    """Its author deletes it."""
    post_delete(user_id=post.author_id, post_id=post.id)


def archive(post: Post, *, archived: bool = True) -> None:
    """Its author puts it into the archive or takes it out again."""
    post_archive(user_id=post.author_id, post_id=post.id, archived=archived)
