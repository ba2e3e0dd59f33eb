"""What people post about: plain values, then from posts through the stream, twice and in the wrong order."""

from collections.abc import Callable
from math import log

import pytest

from accounts.models import User
from accounts.services import profile_update
from config.entities import UserId
from config.ids import next_id
from feed import consumers, topic_repository
from feed.topic_repository import TopicAuthor
from feed.topics import (
    AUTHOR_KEPT_MS,
    AUTHORS_OF_TOPIC,
    DAY_MS,
    author_topics_note,
    shares,
    tallied,
    topical,
    topics_in,
    with_author,
    without_author,
)
from posts.entities import Audience
from posts.events import PostCreated, PostDeleted
from posts.services import post_delete
from tests.feed.factory import a_person, posted
from tests.graph.factory import follows, id_of

NOW = 10**12
ANA, BOB, EVE = (UserId(number) for number in (1, 2, 3))


def seen(author_id: UserId, followers: int, at_ms: int = NOW) -> TopicAuthor:
    return TopicAuthor(author_id, followers, at_ms)


def test_topics_are_in_one_form_each_once_and_ten_at_most() -> None:
    assert topics_in("#Heron and #heron, #цапля #2024 a#b") == ["heron", "цапля"]
    assert len(topics_in(" ".join(f"#t{number}x" for number in range(20)))) == 10
    assert topics_in("no topic") == []


def test_the_most_used_topics_are_kept() -> None:
    texts = ["#a #b", "#a", *(f"#x{number}" for number in range(20))]
    tally = tallied(texts)
    assert list(tally)[:2] == ["a", "b"]
    assert (tally["a"], len(tally)) == (2, 10)


def test_the_most_followed_authors_stay_on_a_full_list() -> None:
    full = [seen(UserId(100 + number), 1000 - number) for number in range(AUTHORS_OF_TOPIC)]
    assert with_author(full, seen(ANA, 1)) == full
    above = with_author(full, seen(ANA, 5000))
    assert (above[0].author_id, len(above)) == (ANA, AUTHORS_OF_TOPIC)
    assert full[-1] not in above


def test_a_list_stays_as_it_is_while_little_has_changed() -> None:
    before = [seen(ANA, 100)]
    assert with_author(before, seen(ANA, 109, NOW + 1)) == before
    assert with_author(before, seen(ANA, 120, NOW + 1)) == [seen(ANA, 120, NOW + 1)]
    assert with_author(before, seen(ANA, 100, NOW + DAY_MS)) == [seen(ANA, 100, NOW + DAY_MS)]


def test_who_is_not_seen_for_long_goes() -> None:
    before = [seen(BOB, 900, NOW - AUTHOR_KEPT_MS), seen(EVE, 5, NOW - DAY_MS)]
    assert [author.author_id for author in with_author(before, seen(ANA, 1))] == [EVE, ANA]
    assert without_author(before, BOB) == [before[1]]


def test_a_topic_counts_by_people_and_the_reader_for_three() -> None:
    used = {ANA: {"heron": 9}, BOB: {"heron": 1, "tea": 1}, EVE: {"rain": 1}}
    found = shares(used, EVE, people=3)
    assert found == {"rain": 3 / 5, "heron": 2 / 5, "tea": 1 / 5}


def test_authors_weigh_by_share_and_followers_and_are_named_under_what_says_most() -> None:
    weights = topical(
        {"heron": 0.5, "tea": 0.1},
        {"heron": [seen(ANA, 10)], "tea": [seen(BOB, 10), seen(ANA, 10)]},
    )
    assert [(candidate.user_id, candidate.topic) for candidate in weights] == [(ANA, "heron"), (BOB, "tea")]
    assert weights[0].weight == round(0.6 * log(11), 4)


def note(author: User) -> None:
    author_topics_note(author_id=id_of(author))


def authors_of(topic: str) -> list[UserId]:
    return [author.author_id for author in topic_repository.topic_authors([topic])[topic]]


def topics_of(author: User) -> dict[str, int]:
    return topic_repository.author_topics_by_ids([id_of(author)]).get(id_of(author), {})


@pytest.mark.django_db
def test_posts_come_to_topics_through_the_stream_and_go(settle: Callable[[], None]) -> None:
    ana, tag = a_person("ana"), f"heron{next_id()}"
    first, second = posted(by=ana, text=f"one #{tag}"), posted(by=ana, text=f"two #{tag} #{tag}b")
    posted(by=ana, text="none")
    settle()
    assert topics_of(ana) == {tag: 2, f"{tag}b": 1}
    assert authors_of(tag) == authors_of(f"{tag}b") == [ana.pk]
    post_delete(user_id=id_of(ana), post_id=second)
    settle()
    assert topics_of(ana) == {tag: 1}
    assert authors_of(f"{tag}b") == []
    post_delete(user_id=id_of(ana), post_id=first)
    settle()
    assert topics_of(ana) == {}
    assert authors_of(tag) == []


@pytest.mark.django_db(transaction=True)  # who goes private is told of after the commit
def test_what_not_everybody_may_see_leaves_no_trace(settle: Callable[[], None]) -> None:
    ana, shy, tag = a_person("ana"), a_person("shy", is_private=True), f"heron{next_id()}"
    posted(by=shy, text=f"#{tag}")
    for audience in (Audience.FOLLOWERS, Audience.CLOSE_FRIENDS, Audience.ONLY_ME):
        posted(by=ana, text=f"#{tag}", audience=audience)
    settle()
    assert authors_of(tag) == []
    assert topics_of(ana) == topics_of(shy) == {}
    posted(by=ana, text=f"#{tag}")
    settle()
    assert authors_of(tag) == [ana.pk]
    profile_update(user_id=id_of(ana), is_private=True)
    note(ana)
    assert authors_of(tag) == []


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["CD", "DC", "CCD", "DDC", "CDC"])
def test_records_twice_and_in_any_order_end_as_the_posts_are(order: str, eager: None) -> None:
    ana, tag = a_person("ana"), f"heron{next_id()}"
    kept, gone = posted(by=ana, text=f"#{tag}"), posted(by=ana, text=f"#{tag} #{tag}b")
    post_delete(user_id=id_of(ana), post_id=gone)
    for letter in order:
        if letter == "C":
            for post in (gone, kept):
                event = PostCreated("e", post, id_of(ana), Audience.EVERYONE, 0, f"#{tag} #{tag}b")
                consumers.note_topics(event)
        else:
            consumers.note_topics_left(PostDeleted("d", gone, id_of(ana), has_photo=False, text=f"#{tag}b"))
    assert topics_of(ana) == {tag: 1}
    assert (authors_of(tag), authors_of(f"{tag}b")) == ([ana.pk], [])


@pytest.mark.django_db
def test_two_writers_of_one_list_both_stay_on_it() -> None:
    tag, between = f"heron{next_id()}", [seen(BOB, 7)]

    def while_another_writes(authors: list[TopicAuthor]) -> list[TopicAuthor]:
        if between:
            topic_repository.topic_authors_change(tag, lambda found: with_author(found, between.pop()))
        return with_author(authors, seen(ANA, 5))

    assert topic_repository.topic_authors_change(tag, while_another_writes)
    assert authors_of(tag) == [BOB, ANA]


@pytest.mark.django_db
def test_authors_are_in_the_order_of_their_followers() -> None:
    ana, bob, tag = a_person("ana"), a_person("bob"), f"heron{next_id()}"
    follows(ana, bob)
    for author in (ana, bob):
        posted(by=author, text=f"#{tag}")
        note(author)
    assert authors_of(tag) == [bob.pk, ana.pk]
