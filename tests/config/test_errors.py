"""The tree of errors: codes, statuses, messages."""

import pickle

import pytest

from config import errors
from config.errors import AppError


def everyone(cls: type[AppError] = AppError) -> list[type[AppError]]:
    """The error and all that descend from it, in all rooms."""
    return [cls, *(leaf for child in cls.__subclasses__() for leaf in everyone(child))]


@pytest.mark.parametrize("error", everyone(), ids=lambda error: error.__qualname__)
def test_each_error_has_a_status_a_code_and_words_for_a_reader(error: type[AppError]) -> None:
    assert 400 <= error.http_status < 600
    assert error.code == error.code.lower().replace(" ", "_")
    assert len(str(error.default_message)) > 10


def test_codes_of_different_statuses_differ() -> None:
    statuses: dict[str, set[int]] = {}
    for error in everyone():
        statuses.setdefault(error.code, set()).add(error.http_status)
    assert {code: found for code, found in statuses.items() if len(found) > 1} == {}


def test_a_message_of_its_own_wins_over_the_usual_one() -> None:
    assert str(errors.NotFound("No such post.")) == "No such post."
    assert str(errors.NotFound()) == str(errors.NotFound.default_message)


def test_facts_are_kept() -> None:
    assert errors.TooFast(retry_after_seconds=3).data == {"retry_after_seconds": 3}


def test_the_drawing_names_every_branch() -> None:
    for error in (errors.Invalid, errors.InvalidCursor, errors.Forbidden, errors.NotFound, errors.Conflict):
        assert f"{error.__name__} " in (errors.__doc__ or "")
        assert error.code in (errors.__doc__ or "")


def test_an_error_survives_the_way_to_another_process() -> None:
    copied = pickle.loads(pickle.dumps(errors.TooFast("Slowly.", retry_after_seconds=3)))
    assert (str(copied), copied.data) == ("Slowly.", {"retry_after_seconds": 3})
