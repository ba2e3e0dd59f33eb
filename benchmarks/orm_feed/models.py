"""Four tables of a feed, and what readers put on posts. Ids are times, so the newest post has the largest."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Person(AbstractBaseUser):
    """Who follows, posts and reads."""

    id = models.BigIntegerField(primary_key=True)
    handle = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60, blank=True)
    avatar_url = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_private = models.BooleanField(default=False)

    objects: ClassVar[BaseUserManager["Person"]] = BaseUserManager()
    USERNAME_FIELD = "handle"


class Follow(models.Model):  # noqa: DJ008  # nobody reads its name
    """A follower follows a followee."""

    follower = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    followee = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["follower", "followee"], name="one_follow")]


class Post(models.Model):  # noqa: DJ008  # nobody reads its name
    """What somebody wrote, with its counts."""

    id = models.BigIntegerField(primary_key=True)
    author = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    text = models.TextField(blank=True)
    facets = models.JSONField(default=list)
    photos = models.JSONField(default=list)
    warning = models.CharField(max_length=100, blank=True)
    standing = models.CharField(max_length=10, default="shown")
    standing_reason = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=20, blank=True)
    location = models.CharField(max_length=60, blank=True)
    audience = models.CharField(max_length=20, default="everyone")
    commenting = models.CharField(max_length=20, default="everyone")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)
    is_deleted = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    like_count = models.IntegerField(default=0)
    comment_count = models.IntegerField(default=0)
    repost_count = models.IntegerField(default=0)
    quote_count = models.IntegerField(default=0)
    share_count = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["author", "-id"], name="newest_of_author")]


class Inbox(models.Model):  # noqa: DJ008  # nobody reads its name
    """A post that was pushed to a reader."""

    reader = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["reader", "-post"], name="newest_of_inbox")]


class Mark(models.Model):  # noqa: DJ008  # nobody reads its name
    """A reader likes, saves or reposts a post."""

    reader = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reader", "post", "kind"], name="one_mark_of_a_kind")
        ]
