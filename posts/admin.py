"""A user's posts in the administration: how many, and the latest, in a few bounded reads."""

from datetime import UTC, datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_panels import register_panel
from config.entities import UserId
from config.hot_keys import link_keys_of
from posts.cache import BODIES, COUNTS
from posts.entities import Post
from posts.moderation import case_admin, rule_admin  # noqa: F401  # they register themselves
from posts.reports import admin as report_admin  # noqa: F401
from posts.selectors import author_post_counts, posts_of_author

LATEST = 10
SHOWN_CHARACTERS = 80


def count_rows(user_id: UserId) -> list[tuple[str, int]]:
    """What the `counters` workers have counted from the stream.

    Cost: 0.5 read units.
    """
    return [(_("Posts"), author_post_counts([user_id])[user_id])]


def latest_rows(user_id: UserId) -> list[tuple[str | SafeString | int, ...]]:
    """The newest posts of any audience: when, what, for whom, and their counts.

    Cost: 1 Query and 1 batch, at most 10.5 read units.
    """
    return [_row(post) for post in posts_of_author(user_id, limit=LATEST).items]


def _row(post: Post) -> tuple[str | SafeString | int, ...]:
    when = localtime(datetime.fromtimestamp(post.created_at_ms / 1000, UTC)).strftime("%Y-%m-%d %H:%M:%S")
    return (
        format_html('<a href="{}">{}</a>', reverse("posts:post", args=[post.id]), when),
        Truncator(post.text).chars(SHOWN_CHARACTERS) or _("Photo"),
        post.audience.value,
        _("%(count)d likes") % {"count": post.like_count},
        _("%(count)d comments") % {"count": post.comment_count},
    )


register_panel(gettext_lazy("Posts counted"), count_rows)
register_panel(gettext_lazy("Latest posts"), latest_rows)
for tiered in (BODIES, COUNTS):
    link_keys_of(tiered.kind.name, lambda post_id: reverse("posts:post", args=[post_id]))
