"""The fields that Roost's API gives of a post, by Django REST framework; and the same by hand, without it."""

from typing import Any

from rest_framework import serializers

from benchmarks.orm_feed.models import Person, Post


class AuthorSerializer(serializers.ModelSerializer[Person]):
    """Who wrote it."""

    id = serializers.CharField(read_only=True)

    class Meta:
        model = Person
        fields = ("id", "handle", "name", "avatar_url")


class PostSerializer(serializers.ModelSerializer[Post]):
    """A post as its reader sees it; `marks` in the context says what they have put on it."""

    id = serializers.CharField(read_only=True)
    author = AuthorSerializer(read_only=True)
    cover = serializers.CharField(source="warning", read_only=True)
    photo = serializers.SerializerMethodField()
    repost = serializers.SerializerMethodField(method_name="get_nothing")
    quoted = serializers.SerializerMethodField(method_name="get_nothing")
    preview = serializers.SerializerMethodField(method_name="get_nothing")
    archived = serializers.BooleanField(source="is_archived", read_only=True)
    liked = serializers.SerializerMethodField()
    saved = serializers.SerializerMethodField()
    reposted = serializers.SerializerMethodField()
    can_repost = serializers.SerializerMethodField()
    can_comment = serializers.SerializerMethodField()
    can_delete = serializers.SerializerMethodField()

    class Meta:
        model = Post
        fields = (
            *(
                "id",
                "author",
                "text",
                "facets",
                "warning",
                "cover",
                "standing",
                "standing_reason",
                "language",
            ),
            *("location", "photos", "photo", "audience", "created_at", "like_count", "comment_count"),
            *("repost_count", "quote_count", "share_count", "repost", "quoted", "reposted", "saved"),
            *("can_repost", "commenting", "can_comment", "version", "edited_at", "archived", "liked"),
            *("can_delete", "preview"),
        )

    def _has(self, post: Post, kind: str) -> bool:
        return (post.pk, kind) in self.context["marks"]

    def get_photo(self, post: Post) -> Any:
        return post.photos[0] if post.photos else None

    def get_nothing(self, _post: Post) -> None:
        return None

    def get_liked(self, post: Post) -> bool:
        return self._has(post, "like")

    def get_saved(self, post: Post) -> bool:
        return self._has(post, "save")

    def get_reposted(self, post: Post) -> bool:
        return self._has(post, "repost")

    def get_can_repost(self, post: Post) -> bool:
        return post.audience == "everyone" and not post.author.is_private

    def get_can_comment(self, post: Post) -> bool:
        return post.commenting == "everyone"

    def get_can_delete(self, post: Post) -> bool:
        return bool(post.author_id == self.context["reader_id"])


def by_hand(post: Post, reader_id: int, marks: set[tuple[int, str]]) -> dict[str, Any]:
    """The same fields as a literal: as little work as it can be."""
    author = post.author
    return {
        "id": str(post.pk),
        "author": {
            "id": str(author.pk),
            "handle": author.handle,
            "name": author.name,
            "avatar_url": author.avatar_url,
        },
        "text": post.text,
        "facets": post.facets,
        "warning": post.warning,
        "cover": post.warning,
        "standing": post.standing,
        "standing_reason": post.standing_reason,
        "language": post.language,
        "location": post.location,
        "photos": post.photos,
        "photo": post.photos[0] if post.photos else None,
        "audience": post.audience,
        "created_at": post.created_at,
        "like_count": post.like_count,
        "comment_count": post.comment_count,
        "repost_count": post.repost_count,
        "quote_count": post.quote_count,
        "share_count": post.share_count,
        "repost": None,
        "quoted": None,
        "reposted": (post.pk, "repost") in marks,
        "saved": (post.pk, "save") in marks,
        "can_repost": post.audience == "everyone" and not author.is_private,
        "commenting": post.commenting,
        "can_comment": post.commenting == "everyone",
        "version": post.version,
        "edited_at": post.edited_at,
        "archived": post.is_archived,
        "liked": (post.pk, "like") in marks,
        "can_delete": post.author_id == reader_id,
        "preview": None,
    }
