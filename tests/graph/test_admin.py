"""A user's edges in the administration, in a bounded number of reads."""

import pytest
from django.test import Client

from accounts.models import User
from config.dynamodb.metering import metered
from tests.accounts.factory import a_user
from tests.graph.factory import followers_of, follows

pytestmark = pytest.mark.django_db(transaction=True)  # a deleted account leaves the cache after the commit


def test_a_moderator_sees_counts_and_the_latest_edges_of_a_user() -> None:
    moderator = User.objects.create_superuser("moderator", "moderator@example.org", "a-perch-in-the-morning")
    bob, eve, gone = a_user("bob"), a_user("eve"), a_user("gone")
    fans = followers_of(bob, 12)
    follows(bob, eve)
    follows(bob, gone)
    gone.delete()
    client = Client()
    client.force_login(moderator)
    with metered() as calls:
        html = client.get(f"/admin/accounts/user/{bob.pk}/change/").content.decode()
    of_graph = [call for call in calls if call.tables == ("graph",)]
    assert len(of_graph) == 7  # one of them whether the account is hot, one who is suggested
    assert sum(call.read_units for call in of_graph) <= 5
    assert all(f"@{fan.username}" in html for fan in fans[:10])
    assert not any(f"@{fan.username}" in html for fan in fans[10:])
    assert f"@{eve.username}" in html
    assert "deleted" in html
