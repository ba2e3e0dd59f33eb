"""Posts of older releases get under their hashtags and into the ranking, by command."""

import pytest
from django.core.management import call_command

from config.dynamodb import Update, update_item
from config.ids import next_id
from posts.ranking import rank_settle
from posts.ranks import rank
from posts.repository import keys, ranks
from posts.repository import tags as repository
from posts.tables import POSTS
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_post, bury_body
from tests.posts.ranking import liked, top_of

pytestmark = pytest.mark.django_db


def test_posts_of_before_are_entered_and_ranked(capsys: pytest.CaptureFixture[str]) -> None:
    ana, bob, tag = a_user("ana"), a_user("bob"), f"ebb{next_id()}"
    first, second, plain = a_post(by=ana, text=f"#{tag}"), a_post(by=ana, text=f"#{tag}"), a_post(by=bob)
    for post in (first, plain):
        liked(post, times=2)
    update_item(
        POSTS, keys.meta(first.id), Update(remove=("facets",))
    )  # as of before texts were read when written
    bury_body(first)
    for _twice in range(2):
        call_command("rank_posts", "--posts-per-second", "10000")
        assert repository.query_tag(tag, before=None, limit=5) == [second.id, first.id]
        assert ranks.query_top(keys.top_of_tag(tag), below=None, limit=5) == [rank(2, first.id)]
        assert (top_of(ana), top_of(bob)) == ([first.id], [plain.id])
    assert f"up to author {max(ana.pk, bob.pk)}" in capsys.readouterr().out


def test_one_author_alone(capsys: pytest.CaptureFixture[str]) -> None:
    ana, bob = a_user("ana"), a_user("bob")
    for author in (ana, bob):
        liked(a_post(by=author), times=1)
    call_command("rank_posts", "--user", ana.username)
    assert "1 posts are under their hashtags and ranked" in capsys.readouterr().out
    assert len(top_of(ana)) == 1
    assert top_of(bob) == []
    call_command("rank_posts", "--after", str(id_of(bob) - 1))
    assert len(top_of(bob)) == 1


def test_what_is_ranked_is_left_alone() -> None:
    ana = a_user()
    post = a_post(by=ana)
    liked(post, times=1)
    rank_settle(post_id=post.id)
    before = ranks.get_standing(post.id)
    call_command("rank_posts", "--user", ana.username)
    assert ranks.get_standing(post.id) == before
