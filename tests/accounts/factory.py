"""People for tests, as prose: `ana = a_user()`, `bob = a_user("bob", is_private=True)`."""

import secrets

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.models import User
from accounts.services import account_create, profile_update
from config.entities import UserId

PASSWORD = "a-perch-in-the-evening"
# A test's password need not cost a quarter of a second; what is hashed so is read by every process all the same.
PBKDF2PasswordHasher.iterations = 2


def a_user(name: str = "ana", *, is_private: bool = False, bio: str = "", password: str = PASSWORD) -> User:
    """A user whose handle begins with `name` and is used once; their name is `name` with a capital."""
    handle = f"{name.lower()[:18]}_{secrets.token_hex(4)}"
    user = account_create(handle=handle, email=f"{handle}@example.org", password=password, name=name.title())
    if is_private or bio:
        profile_update(user_id=UserId(user.pk), is_private=is_private, bio=bio)
    return user
