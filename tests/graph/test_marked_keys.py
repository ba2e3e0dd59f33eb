"""Mutes and close friends of before the table change get the keys by which who is marked is found."""

import pytest

from config.dynamodb import ConditionFailed, Update, delete_item, get_item, update_item
from graph.blocks import block_create
from graph.close_friends import close_friend_add
from graph.departure_repository import marks_about
from graph.mark_repository import Mark, mark_key
from graph.marked_keys import missing_marked_key
from graph.mutes import mute_create
from graph.tables import GRAPH
from tests.accounts.factory import a_user
from tests.graph.factory import id_of

pytestmark = pytest.mark.django_db


def test_marks_about_somebody_are_found_page_by_page() -> None:
    ana, bob = id_of(a_user()), id_of(a_user("bob"))
    mute_create(muter_id=bob, muted_id=ana)
    close_friend_add(owner_id=bob, member_id=ana)
    close_friend_add(owner_id=ana, member_id=bob)
    first = marks_about(ana, after=None, limit=1)
    rest = marks_about(ana, after=first[0], limit=9)
    assert sorted(first + rest) == [(Mark.CLOSE, bob), (Mark.MUTE, bob)]
    assert marks_about(ana, after=rest[-1], limit=9) == []


def test_a_mark_of_before_is_filled_in_unless_it_went_meanwhile() -> None:
    ana, bob = id_of(a_user()), id_of(a_user("bob"))
    mute_create(muter_id=bob, muted_id=ana)
    key = mark_key(Mark.MUTE, bob, ana)
    update_item(GRAPH, key, Update(remove=("npk", "nsk")))
    item = get_item(GRAPH, key, consistent=True)
    assert item
    assert marks_about(ana, after=None, limit=9) == []
    change = missing_marked_key(item)
    assert change
    delete_item(GRAPH, key)
    with pytest.raises(ConditionFailed):
        update_item(GRAPH, key, change.update, condition=change.condition)
    mute_create(muter_id=bob, muted_id=ana)
    update_item(GRAPH, key, change.update, condition=change.condition)
    assert marks_about(ana, after=None, limit=9) == [(Mark.MUTE, bob)]


def test_blocks_need_no_such_key() -> None:
    ana, bob = id_of(a_user()), id_of(a_user("bob"))
    block_create(blocker_id=bob, blocked_id=ana)
    item = get_item(GRAPH, mark_key(Mark.BLOCK, bob, ana))
    assert item
    assert missing_marked_key(item) is None
    assert marks_about(ana, after=None, limit=9) == []
