"""Readers in tests, those they follow, and whom they are suggested for it."""

from accounts.models import User
from accounts.services import profile_update
from config.entities import UserId
from feed.suggestions import suggestions_page
from graph.suggestion_entities import Suggestion
from tests.feed.factory import a_person
from tests.graph.factory import follows, id_of


def named(user: User, name: str) -> User:
    """The same person by another name."""
    profile_update(user_id=id_of(user), name=name)
    return user


def suggested(reader: User) -> list[Suggestion]:
    """All who are suggested to a reader, in order."""
    return suggestions_page(id_of(reader), limit=100).items


def ids(suggestions: list[Suggestion]) -> list[UserId]:
    """Whom suggestions are of."""
    return [suggestion.person.profile.id for suggestion in suggestions]


def a_circle() -> tuple[User, User, User, User]:
    """Reader follows ana and bob, who both follow eve; ana follows cem too."""
    reader, ana, bob, eve, cem = (a_person(name) for name in ("reader", "ana", "bob", "eve", "cem"))
    for friend in (ana, bob):
        follows(reader, friend)
        follows(friend, eve)
    follows(ana, cem)
    return reader, ana, eve, cem


def deactivate(user: User) -> None:
    """Their account is switched off."""
    user.is_active = False
    user.save()
