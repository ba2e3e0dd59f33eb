"""Who takes part in measurements."""

from itertools import count

from accounts.models import User
from config.entities import UserId

_numbers = count(1)


def a_person() -> UserId:
    """An account that nobody signs in to with a password."""
    name = f"bench_{next(_numbers)}"
    return UserId(User.objects.create_user(name, f"{name}@example.org", None).pk)
