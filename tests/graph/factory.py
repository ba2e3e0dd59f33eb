"""Follows for tests, as prose: `follows(ana, bob)`."""

from accounts.models import User
from config.entities import UserId
from config.ids import next_id
from graph.entities import FollowState
from graph.services import follow_create
from tests.accounts.factory import a_user


def id_of(user: User) -> UserId:
    """The id as the rooms type it."""
    return UserId(user.pk)


def a_stranger() -> UserId:
    """An id without an account: the repository asks for no more."""
    return UserId(next_id())


def follows(follower: User, followee: User) -> FollowState:
    """`follower` follows `followee`, or asks to."""
    return follow_create(follower_id=id_of(follower), followee_id=id_of(followee))


def followers_of(followee: User, number: int) -> list[User]:
    """New people who follow, the newest first."""
    people = [a_user(f"fan{position}") for position in range(number)]
    for person in people:
        follows(person, followee)
    return people[::-1]
