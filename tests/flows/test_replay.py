"""Events that nobody handled are handled late, by command; those that were handled change nothing."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command

from config.celery import app
from config.streams import Change, start
from config.streams.registry import Handlers
from config.streams.replay import Since, replay
from posts.tables import POSTS
from tests.feed.factory import a_person, inbox_of, posted
from tests.graph.factory import follows

pytestmark = pytest.mark.django_db


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run where they are sent from."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def sequence_of(post_id: int) -> int:
    """The sequence number of the record that tells of a post."""
    found, listening = list[int](), Handlers()

    class Seen:
        @classmethod
        def from_change(cls, change: Change) -> None:
            if change.keys == {"pk": f"POST#{post_id}", "sk": "META"}:
                found.append(int(change.sequence))

    listening.on(POSTS, Seen)(lambda _: None)
    replay(POSTS, listening.of(POSTS), Since(), report=lambda _: None)
    return found[0]


def replayed(since: int, *options: str) -> str:
    out = StringIO()
    handler = ("--handler", "feed.consumers.deliver")
    call_command("replay_stream", "--table", "posts", "--from", str(since), *handler, *options, stdout=out)
    return out.getvalue()


def test_posts_that_were_not_delivered_are_and_once(eager: None) -> None:
    ana, fan = a_person("ana"), a_person("fan")
    follows(fan, ana)
    first, second = posted(by=ana), posted(by=ana)
    start()  # whatever happened until here, nobody hears
    since = sequence_of(first)
    assert inbox_of(fan) == []
    assert "feed.consumers.deliver would hear 2" in replayed(since, "--dry-run")
    assert inbox_of(fan) == []
    for _ in range(2):
        assert "feed.consumers.deliver heard 2" in replayed(since)
        assert sorted(inbox_of(fan)) == sorted([first, second])
    late = replayed(sequence_of(second))
    assert "feed.consumers.deliver heard 1" in late
