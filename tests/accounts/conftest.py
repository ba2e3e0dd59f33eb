"""What the accounts' tests share."""

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.factory import a_user


@pytest.fixture
def ana(client: Client) -> User:
    """A user, signed in as `client`."""
    user = a_user()
    client.force_login(user)
    return user
