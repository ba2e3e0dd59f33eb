"""What a page of Following asks for while Redis is away."""

import time
from collections.abc import Iterator

import pytest

from config.dynamodb.metering import metered
from config.entities import UserId
from feed import pulls
from feed.ranking import first_reads
from feed.readers import reader_record
from feed.selectors import home_page
from tests.config.test_cache_away import given_up
from tests.feed.factory import a_person
from tests.graph.factory import follows, id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


@pytest.fixture
def redis_away() -> Iterator[None]:
    with given_up():
        yield


def versions_read_by(*readers: UserId) -> int:
    """How often the registry's version was asked for while these looked."""
    with metered() as calls:
        for reader_id in readers:
            home_page(reader_id)
    return sum(call.operation == "get_item" and call.tables == ("feed",) for call in calls)


def test_a_process_reads_the_registrys_version_for_all_pages_of_two_seconds(redis_away: None) -> None:
    ana, bob, star = (a_person(name) for name in ("ana", "bob", "star"))
    follows(ana, star)
    time.sleep(first_reads.AWAY_SECONDS)  # whatever this process has read before
    assert versions_read_by(id_of(ana), id_of(bob), id_of(ana)) == 1
    pulls.author_register(id_of(star))
    time.sleep(first_reads.AWAY_SECONDS)
    assert versions_read_by(id_of(ana), id_of(bob)) >= 1
    assert id_of(star) in reader_record(id_of(ana)).pulls.authors, (
        "who has come to be pulled is, two seconds later"
    )


def test_with_redis_there_it_is_kept_there() -> None:
    ana, bob = a_person("ana"), a_person("bob")
    home_page(id_of(ana))
    assert versions_read_by(id_of(ana), id_of(bob)) == 0
