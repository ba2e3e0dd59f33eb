"""Whatever order records come in, and however often: what is told is what stands."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.selectors import profiles_by_ids
from config.entities import PostId, UserId
from config.errors import Unavailable
from config.ids import next_id
from feed.notifications import groups, repository, services
from feed.notifications.entities import Happening, Kind
from feed.notifications.groups import Group, Row, with_row, without_row
from posts.muting import post_mute
from tests.feed.factory import a_person, id_at, posted
from tests.graph.factory import a_stranger, id_of
from tests.hands import Hands

pytestmark = pytest.mark.django_db
MADE = next_id()


def a_reader() -> UserId:
    """Somebody with an account, that threads find in the cache."""
    reader_id = id_of(a_person("reader"))
    assert profiles_by_ids([reader_id])
    return reader_id


def liked(reader: UserId, post: int, actor: UserId, stamp: int) -> Happening:
    return Happening(reader, Kind.LIKE, post, actor, actor, stamp=stamp, made_id=MADE, post_id=PostId(post))


def group_of(happening: Happening) -> Group:
    return repository.stored_of(happening).group


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_likes_and_their_ends_tripled_and_shuffled_leave_who_likes_now(data: st.DataObject) -> None:
    reader, post, people = a_reader(), next_id(), [a_stranger() for _ in range(4)]
    records, likes_now = [], set[UserId]()
    for stamp in range(1, data.draw(st.integers(1, 8)) + 1):
        who = data.draw(st.sampled_from(people))
        is_over = who in likes_now
        likes_now ^= {who}
        # A like and its end carry the like's own id.
        begun = max((at for at, each, over in records if each == who and not over), default=stamp)
        records.append((begun if is_over else stamp, who, is_over))
    heard = records * 3
    random.Random(data.draw(st.integers(0, 9))).shuffle(heard)  # an order, no secret
    for stamp, who, is_over in heard:
        settle = services.take_back if is_over else services.note
        settle(liked(reader, post, who, stamp))
    group = group_of(liked(reader, post, people[0], 1))
    assert {row.actor_id for row in group.latest} == likes_now
    assert group.count == len(likes_now) == len(repository.rows_of(group.line))
    assert len(repository.groups_below(reader, before=None, limit=9)) == bool(likes_now)


def test_what_is_told_together_is_told_as_each_alone() -> None:
    readers, people, post = [a_reader(), a_reader()], [a_stranger() for _ in range(3)], next_id()
    told = [liked(reader, post, who, 1) for reader in readers for who in people]
    assert services.note(told[0])
    assert services.take_back(told[1])
    assert services.note_some([*told, told[2]]) == 4
    assert [group_of(told[at]).count for at in (0, 3)] == [2, 3]


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), max_size=60))
def test_a_group_counts_who_is_in_it_and_keeps_the_newest(steps: list[tuple[int, bool]]) -> None:
    group = Group(liked(UserId(1), 2, UserId(3), 1).line, None)
    members: dict[int, Row] = {}
    for noted_id, (source, comes) in enumerate(steps, start=1):
        if comes and source not in members:
            members[source] = Row(source, UserId(source), noted_id)
            group = with_row(group, members[source])
        elif not comes and source in members:
            del members[source]
            group = without_row(group, source)
            if group.needs_more:
                group = groups.refilled(group, list(members.values()))
        newest = sorted(members.values(), key=lambda row: -row.noted_id)
        assert group.count == len(members)
        assert list(group.latest) == newest[: len(group.latest)]
        assert len(group.latest) >= min(len(members), groups.LATEST // 2 + 1)


def test_a_line_that_loses_its_latest_shows_those_before_them() -> None:
    reader, post, fans = a_reader(), next_id(), [a_stranger() for _ in range(14)]
    for fan in fans:
        services.note(liked(reader, post, fan, 1))
    for fan in fans[-8:]:
        services.take_back(liked(reader, post, fan, 1))
    group = group_of(liked(reader, post, fans[0], 1))
    assert [row.actor_id for row in group.latest] == fans[5::-1]
    assert group.count == 6


def test_a_full_line_grows_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "FULL", 3)
    reader, post, fans = a_reader(), next_id(), [a_stranger() for _ in range(5)]
    assert [services.note(liked(reader, post, fan, 1)) for fan in fans] == [True] * 3 + [False] * 2
    group = group_of(liked(reader, post, fans[0], 1))
    assert group.is_full
    assert group.count == 3


def test_the_end_of_what_was_never_told_and_began_long_ago_leaves_nothing() -> None:
    reader, post, fan = a_reader(), next_id(), a_stranger()
    like_id = id_at(30)
    old = replace(liked(reader, post, fan, like_id), made_id=like_id)
    assert not services.take_back(old)
    assert repository.stored_of(old).entry is None
    edited = replace(old, kind=Kind.MENTION, stamp=like_id + 1)
    assert services.take_back(edited)
    assert not services.note(replace(edited, stamp=like_id))
    assert services.take_back(liked(reader, post, fan, 1))
    assert not services.note(liked(reader, post, fan, 1))
    gone = liked(a_stranger(), post, fan, 1)
    assert not services.note(gone)
    assert not services.take_back(gone)
    assert repository.stored_of(gone).entry is None


def test_many_at_once_are_all_in_the_line() -> None:
    reader, post, fans = a_reader(), next_id(), [a_stranger() for _ in range(6)]
    waiting = [liked(reader, post, fan, 1) for fan in fans]
    with Hands(3) as hands:
        for happening in waiting:
            hands.submit(_until_told, happening)
    assert group_of(waiting[0]).count == 6


def _until_told(happening: Happening) -> None:
    """As the task does."""
    while True:
        try:
            services.note(happening)
        except Unavailable:
            continue
        return


def test_what_is_not_wanted_is_not_told() -> None:
    ana, bob = a_person("ana"), a_stranger()
    post, other = posted(by=ana), posted(by=ana)
    services.wanted_kinds_put(reader_id=id_of(ana), kinds=set(Kind) - {Kind.REPOST})
    assert not services.note(Happening(id_of(ana), Kind.REPOST, post, 5, bob, stamp=1, made_id=MADE))
    post_mute(user_id=id_of(ana), post_id=post)
    assert not services.note(liked(id_of(ana), post, bob, 1))
    assert services.note(liked(id_of(ana), other, bob, 1))
