"""Everything under `bin/run` is killed with -9 while people write, and started again: what was acknowledged is there."""

import json
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field

import pytest

from tests.deploy.conftest import roost  # noqa: F401  # a fixture
from tests.deploy.running import RunningRoost
from tests.stack import eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]
PASSWORD = "wide river stone 7"


@dataclass
class Person:
    """Someone who uses the API with a token."""

    roost: RunningRoost
    handle: str
    token: str = ""
    id: str = ""
    acknowledged: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, body: object = None) -> dict:
        """One request; the answer's JSON."""
        request = urllib.request.Request(
            f"{self.roost.base_url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        if self.token:
            request.add_header("Authorization", f"Token {self.token}")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"{}")

    def join(self) -> "Person":
        """Make the account and sign in."""
        account = {"handle": self.handle, "email": f"{self.handle}@example.org", "password": PASSWORD}
        self.ask("POST", "/accounts/", {**account, "name": self.handle.title()})
        answer = self.ask("POST", "/tokens/", {"login": self.handle, "password": PASSWORD, "name": "test"})
        self.token, self.id = answer["token"], answer["profile"]["id"]
        return self

    def post_until_it_fails(self, begun: threading.Event) -> None:
        """Post again and again; an answer is an acknowledgement."""
        for number in range(100_000):
            try:
                self.acknowledged.append(self.ask("POST", "/posts/", {"text": f"number {number}"})["id"])
            except (urllib.error.URLError, ConnectionError, TimeoutError, json.JSONDecodeError):
                return
            if number == 5:
                begun.set()

    def all_pages(self, path: str) -> list[dict]:
        """Every item of a paged list."""
        items, cursor = [], ""
        while True:
            page = self.ask("GET", f"{path}?cursor={cursor}" if cursor else path)
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                return items


def test_nothing_acknowledged_is_lost(roost: RunningRoost) -> None:  # noqa: F811  # the fixture
    roost.start()
    roost.until_up()
    author, reader = Person(roost, "ana").join(), Person(roost, "bob").join()
    reader.ask("PUT", f"/follows/{author.id}/")
    begun = threading.Event()
    writing = threading.Thread(target=author.post_until_it_fails, args=[begun])
    writing.start()
    assert begun.wait(60)
    roost.kill_everything()
    writing.join(60)
    assert len(author.acknowledged) > 5

    roost.start()
    roost.until_up()
    assert set(author.acknowledged) <= {post["id"] for post in author.all_pages(f"/users/{author.id}/posts/")}
    people = reader.all_pages(f"/users/{reader.id}/following/")
    assert author.id in json.dumps(people)

    def everything_arrived() -> bool:
        arrived = [post["id"] for post in reader.all_pages("/feed/home/")]
        assert len(arrived) == len(set(arrived))
        return set(author.acknowledged) <= set(arrived)

    eventually(everything_arrived, timeout_seconds=200, every_seconds=1)
    assert roost.interrupt() == 0
