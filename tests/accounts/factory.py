"""People for tests, as prose: `ana = a_user()`, `bob = a_user(name="bob", is_private=True)`."""

from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.services import account_create, profile_update
from config.entities import UserId

PASSWORD = "a-perch-in-the-evening"
_numbers = count(1)
_hash_once = cache(make_password)  # a third of a second of processor time for each person otherwise


def a_user(name: str = "ana", *, is_private: bool = False, bio: str = "", password: str = PASSWORD) -> User:
    """A user whose handle begins with `name` and is used once; their name is `name` with a capital."""
    handle = f"{name.lower()[:18]}_{next(_numbers)}_x"
    user = account_create(
        handle=handle,
        email=f"{handle}@example.org",
        password=password,
        name=name.title(),
        password_hash=_hash_once(password),
    )
    if is_private or bio:
        profile_update(user_id=UserId(user.pk), is_private=is_private, bio=bio)
    return user
