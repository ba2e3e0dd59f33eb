"""Who is never suggested, and whose names are not told as a reason."""

import time
from collections.abc import Callable

import pytest

from accounts.services import profile_update
from config.dynamodb import update_item
from config.dynamodb.expressions import Update
from feed.suggestion_refresh import suggestions_refresh
from feed.suggestions import suggestion_of
from graph.blocks import block_create, block_delete
from graph.dismissals import suggestion_dismiss, suggestion_restore
from graph.errors import AccountGone, Blocked, MarkSelf
from graph.mutes import mute_create
from graph.removals import follower_remove
from graph.services import follow_delete, request_approve
from graph.suggestion_repository import dismissed_key
from graph.tables import GRAPH
from tests.feed.factory import a_person
from tests.feed.suggesting import a_circle, deactivate, ids, suggested
from tests.graph.factory import a_stranger, follows, id_of

pytestmark = [
    pytest.mark.django_db(transaction=True),  # a changed account leaves the cache after the commit
    pytest.mark.usefixtures("nobody_is_popular"),
]


@pytest.mark.parametrize(
    "how", ["followed", "requested", "blocked", "blocks", "muted", "dismissed", "deactivated", "deleted"]
)
@pytest.mark.parametrize("stored", [True, False], ids=["since it was stored", "before"])
def test_who_is_never_suggested(how: str, *, stored: bool) -> None:
    reader, _ana, eve, cem = a_circle()
    if how == "requested":
        profile_update(user_id=id_of(eve), is_private=True)
    if stored:
        assert ids(suggested(reader)) == [eve.pk, cem.pk]
    steps: dict[str, Callable[[], object]] = {
        "followed": lambda: follows(reader, eve),
        "requested": lambda: follows(reader, eve),
        "blocked": lambda: block_create(blocker_id=id_of(reader), blocked_id=id_of(eve)),
        "blocks": lambda: block_create(blocker_id=id_of(eve), blocked_id=id_of(reader)),
        "muted": lambda: mute_create(muter_id=id_of(reader), muted_id=id_of(eve)),
        "dismissed": lambda: suggestion_dismiss(reader_id=id_of(reader), user_id=id_of(eve)),
        "deactivated": lambda: deactivate(eve),
        "deleted": eve.delete,
    }
    steps[how]()
    assert ids(suggested(reader)) == [cem.pk]
    suggestions_refresh(reader_id=id_of(reader))
    assert ids(suggested(reader)) == [cem.pk]


def test_the_reader_is_no_suggestion_though_friends_follow_back() -> None:
    reader, ana, _eve, _cem = a_circle()
    follows(ana, reader)
    assert reader.pk not in ids(suggested(reader))


def test_a_dismissal_is_undone_and_ends_by_itself() -> None:
    reader, _ana, eve, cem = a_circle()
    suggested(reader)
    suggestion_dismiss(reader_id=id_of(reader), user_id=id_of(eve))
    assert ids(suggested(reader)) == [cem.pk]
    of_eve = suggestion_of(id_of(reader), id_of(eve))
    assert of_eve is not None
    suggestion_restore(reader_id=id_of(reader), user_id=id_of(eve))
    suggestions_refresh(reader_id=id_of(reader))
    assert ids(suggested(reader)) == [eve.pk, cem.pk]
    suggestion_dismiss(reader_id=id_of(reader), user_id=id_of(eve))
    past = Update(set={"ttl": int(time.time()) - 1})
    update_item(GRAPH, dismissed_key(id_of(reader), id_of(eve)), past)
    assert ids(suggested(reader)) == [eve.pk, cem.pk], "DynamoDB deletes late, so its end is looked at"


def test_a_dismissal_is_for_half_a_year_and_of_people_who_are_there() -> None:
    reader, other = a_person("reader"), a_person("other")
    suggestion_dismiss(reader_id=id_of(reader), user_id=id_of(other))
    key = dismissed_key(id_of(reader), id_of(other))
    item = update_item(GRAPH, key, Update(set={"seen": True}))
    assert abs(item["ttl"] - time.time() - 180 * 24 * 3600) < 3600
    with pytest.raises(MarkSelf):
        suggestion_dismiss(reader_id=id_of(reader), user_id=id_of(reader))
    with pytest.raises(AccountGone):
        suggestion_dismiss(reader_id=id_of(reader), user_id=a_stranger())
    block_create(blocker_id=id_of(other), blocked_id=id_of(reader))
    with pytest.raises(Blocked):
        suggestion_dismiss(reader_id=id_of(reader), user_id=id_of(other))


def test_a_private_person_speaks_only_to_who_may_see_their_list() -> None:
    reader, shy, eve = a_person("reader"), a_person("shy", is_private=True), a_person("eve")
    follows(shy, eve)
    follows(reader, shy)
    assert suggested(reader) == [], "asked to follow, and not let in"
    request_approve(follower_id=id_of(reader), followee_id=id_of(shy))
    suggestions_refresh(reader_id=id_of(reader))
    assert ids(suggested(reader)) == [eve.pk]
    follower_remove(followee_id=id_of(shy), follower_id=id_of(reader))
    assert suggested(reader) == [], "at once, though it is stored"


def test_a_friend_who_is_no_friend_any_more_is_not_named() -> None:
    reader, ana, eve, _cem = a_circle()
    assert suggested(reader)[0].count == 2
    follow_delete(follower_id=id_of(reader), followee_id=id_of(ana))
    (left,) = suggested(reader)
    assert (left.person.profile.id, left.count) == (eve.pk, 1)
    assert ana.pk not in {card.id for card in left.people}


def test_a_friend_who_has_left_the_candidate_is_not_named() -> None:
    reader, ana, eve, _cem = a_circle()
    suggested(reader)
    follow_delete(follower_id=id_of(ana), followee_id=id_of(eve))
    assert ana.pk not in {card.id for card in suggested(reader)[0].people}
    deactivate(ana)
    assert ids(suggested(reader)) == [eve.pk], "cem was hers to name"


def test_a_block_of_a_friend_takes_the_name_away_until_they_are_followed_again() -> None:
    reader, ana, _eve, cem = a_circle()
    assert cem.pk in ids(suggested(reader))
    block_create(blocker_id=id_of(ana), blocked_id=id_of(reader))
    assert cem.pk not in ids(suggested(reader))
    block_delete(blocker_id=id_of(ana), blocked_id=id_of(reader))
    assert cem.pk not in ids(suggested(reader))
