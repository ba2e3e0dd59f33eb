"""What the edge gives to whom: hits on a trace, nobody's page to anybody else, one request for many, 304, engines away."""

import random
import re
import sys
import time
from collections import Counter
from itertools import product
from threading import Barrier
from urllib.parse import quote

import pytest
from django.templatetags.static import static

from accounts.models import User
from accounts.services import token_create
from posts.entities import Post
from posts.selectors import photo_card
from posts.services import post_delete
from tests.accounts.factory import a_user
from tests.edge.conftest import Answer, Edge, Visitor
from tests.engines import REDIS
from tests.graph.factory import id_of
from tests.hands import Hands
from tests.posts.factory import a_photo, a_post, with_renditions

REQUESTS, SKEW = 3_000, 1.0


def photos_of(post: Post) -> list[str]:
    files = photo_card(post.id, post.photos[0]).files
    return [file.url for form in files.values() for file in form]


def trace(pages: list[str]) -> list[str]:
    """A Zipf trace: the most asked for first."""
    chance = random.Random(6)
    chance.shuffle(pages)
    weights = [1 / (rank + 1) ** SKEW for rank in range(len(pages))]
    return chance.choices(pages, weights, k=REQUESTS)


def test_a_trace_of_strangers_is_answered_by_the_edge(
    at_edge: Edge, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [a_user(f"bird{number}") for number in range(5)]
    posts = [a_post(by=person, text=f"tide {number}") for person in people for number in range(4)]
    pictured = [with_renditions(a_post(by=person, photo=a_photo(400, 300))) for person in people[:2]]
    pages = [f"/@{person.username}/" for person in people] + [f"/p/{post.id}/" for post in posts + pictured]
    pages += [f"/api/v1/posts/{post.id}/" for post in posts[:5]]
    media = [url for post in pictured for url in photos_of(post)]
    asked = trace([*pages, *media])
    victim = next(post for post in posts if f"/p/{post.id}/" in asked[-REQUESTS // 2 :])
    visitors = [at_edge.visitor() for _ in range(3)]

    def walk(number: int) -> Counter[tuple[str, bool]]:
        seen: Counter[tuple[str, bool]] = Counter()
        for position, path in enumerate(asked[number :: len(visitors)]):
            if number == 0 and position == REQUESTS // 6:
                post_delete(user_id=victim.author_id, post_id=victim.id)
            answer = visitors[number].ask(path)
            assert answer.status == 200 or str(victim.id) in path
            if answer.status == 200:
                seen["media" if path in media else "pages", answer.was_kept] += 1
        return seen

    began = time.monotonic()
    with Hands(len(visitors)) as hands:
        seen = sum(hands.map(walk, range(len(visitors))), Counter())
    seconds = time.monotonic() - began
    ratios = {kind: seen[kind, True] / (seen[kind, True] + seen[kind, False]) for kind in ("pages", "media")}
    told = ", ".join(f"{kind} {ratio:.3f}" for kind, ratio in ratios.items())
    with capsys.disabled():
        sys.stdout.write(
            f"\n  edge, Zipf {SKEW} over {len(pages)} pages and {len(media)} files, one post deleted midway: "
            f"hits of {told}; {REQUESTS / seconds:.0f} requests/s\n"
        )
    assert min(ratios.values()) >= 0.95


PAGES = (
    "/",
    "/@{ana}/",
    "/p/{post}/",
    "/api/v1/posts/{post}/",
    "/api/v1/me/",
    "/settings/",
    "/notifications/",
)
WAYS: tuple[dict[str, str], ...] = (
    {},
    {"HX_Request": "true"},
    {"Range": "bytes=0-9999999"},
    {"X_Edge_Version": "gforged", "X_Edge_Page": "http://forged"},
    {"X_Forwarded_Host": "elsewhere.example", "X_Forwarded_For": "10.1.2.3"},
)
ENDINGS = ("", "?tab=photos", "?sessionid=1&next=/settings/")


def shows(answer: Answer) -> set[str]:
    """Whose page or answer it is, by every mark that it carries."""
    return set(re.findall(r'data-viewer="(\d+)"', answer.body)) | set(
        re.findall(r'"id":"(\d+)","handle":"[^"]+","email"', answer.body)
    )


def test_nobody_gets_what_was_made_for_somebody_else(at_edge: Edge) -> None:
    """Two members, one with a token, and strangers ask for the same, in turns and in every way; then one signs out."""
    ana, bob = a_user("ana"), a_user("bob")
    post = a_post(by=ana)
    _token, text = token_create(user_id=id_of(bob), label="t")
    members: list[tuple[str, Visitor]] = [
        (str(ana.pk), at_edge.visitor().signed_in(ana)),
        (str(bob.pk), at_edge.visitor(theme="dark").signed_in(bob)),
        (str(bob.pk), with_token(at_edge.visitor(), text)),
        ("", at_edge.visitor()),
        ("", at_edge.visitor(theme="dark", csrftoken="x" * 32)),
    ]
    paths = [page.format(ana=ana.username, post=post.id) for page in PAGES]
    paths += [quote(paths[1], safe="/"), paths[2].replace("/p/", "/%70/")]
    turns = [("GET", *turn) for turn in product(paths, WAYS[:1], ENDINGS)]
    turns += [("GET", *turn) for turn in product(paths, WAYS[1:], ENDINGS[:1])]
    turns += [("HEAD", path, {}, "") for path in paths]
    for method, path, headers, ending in turns:
        for owner, visitor in random.sample(members, len(members)):
            answer = visitor.ask(path + ending, method=method, **headers)
            where = method, path, headers, ending, owner, answer.cache, answer.headers
            assert shows(answer) <= {owner}, where
            assert "elsewhere.example" not in answer.body, where
            if owner:
                assert answer.cache == "PASS", where
                assert not answer.headers["cache-control"].startswith("public"), where
            else:
                assert "public" not in answer.headers["cache-control"], where
            is_dark = 'data-theme="dark"' in answer.body
            assert is_dark <= (visitor.cookies.get("theme") == "dark"), where
    signed_out(members[0][1], ana)
    for path, (owner, visitor) in product(paths, members):
        assert shows(visitor.ask(path)) <= ({owner} if visitor is not members[0][1] else set()), path


def with_token(visitor: Visitor, text: str) -> Visitor:
    visitor.headers["Authorization"] = f"Token {text}"
    return visitor


def signed_out(visitor: Visitor, user: User) -> None:
    """The browser still has its cookie, and the one with the word of farewell."""
    page = visitor.ask("/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
    cookie = re.search(r"csrftoken=(\w+)", page.headers["set-cookie"])
    assert token
    assert cookie
    assert f'data-viewer="{user.pk}"' in page.body
    visitor.cookies["csrftoken"] = cookie.group(1)
    form = {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": "0"}
    answer = visitor.ask("/logout/", method="POST", X_CSRFToken=token.group(1), **form)
    assert answer.status == 302, answer


def test_a_crowd_is_one_request(at_edge: Edge) -> None:
    post = a_post(by=a_user())
    visitors, ready = [at_edge.visitor() for _ in range(12)], Barrier(12)

    def come(visitor: Visitor) -> Answer:
        ready.wait()
        return visitor.ask(f"/p/{post.id}/")

    with Hands(12) as hands:
        answers = list(hands.map(come, visitors))
    assert Counter(answer.cache for answer in answers)["MISS"] == 1
    assert {answer.status for answer in answers} == {200}


def test_what_a_browser_has_is_not_sent_again(at_edge: Edge) -> None:
    author, visitor = a_user(), at_edge.visitor()
    post = with_renditions(a_post(by=author, photo=a_photo()))
    for path in (f"/@{author.username}/", f"/api/v1/posts/{post.id}/", photos_of(post)[0]):
        first = visitor.ask(path)
        again = visitor.ask(path, If_None_Match=first.headers["etag"])
        assert (first.status, again.status, again.body) == (200, 304, ""), path
        assert visitor.ask(path, Range="bytes=0-9").status == 206, path
    narrow = visitor.ask(f"/@{author.username}/", Accept_Encoding="gzip")
    assert narrow.headers["content-encoding"] == "gzip"
    assert "set-cookie" not in narrow.headers


def test_files_are_kept_for_good(at_edge: Edge) -> None:
    visitor = at_edge.visitor()
    for path in (static("roost.css"), "/avatars/3/A.svg"):
        answers = [visitor.ask(path) for _ in range(2)]
        assert [answer.was_kept for answer in answers] == [False, True], path
        assert "immutable" in answers[1].headers["cache-control"]
        assert "public" in answers[1].headers["cache-control"]
    assert visitor.ask("/metrics").status == 404
    assert visitor.ask("/-/edge/").status == 404


def test_a_form_and_a_stream_pass(at_edge: Edge) -> None:
    """The theme of somebody signed out, whose page has no token; and a live stream, unbuffered."""
    visitor, member = at_edge.visitor(), at_edge.visitor().signed_in(a_user())
    # Another test may have asked for it.
    assert visitor.ask("/").headers["x-cache"] in {"MISS", "HIT", "STALE"}
    form = {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": "0"}
    assert visitor.ask("/theme/", method="POST", **form).status == 302
    assert visitor.ask("/theme/", method="POST", Origin="https://elsewhere.example", **form).status == 403
    with member.opened("/live/") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert stream.read(1)


def test_without_redis_everything_is_passed_on(at_edge: Edge) -> None:
    """Nobody can say whether what is kept still stands: it is made anew, and nothing is kept."""
    post, visitor = a_post(by=a_user()), at_edge.visitor()
    path = f"/p/{post.id}/"
    assert [visitor.ask(path).was_kept for _ in range(2)] == [False, True]
    REDIS["redis-cache"].kill()
    try:
        away = [visitor.ask(path) for _ in range(2)]
    finally:
        REDIS["redis-cache"].restart()
    assert [(answer.status, answer.cache) for answer in away] == [(200, "BYPASS")] * 2
