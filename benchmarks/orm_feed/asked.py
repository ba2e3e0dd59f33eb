"""A process of the plain app: a question a line on standard input, an answer a line on standard output, both JSON.

{"do": "load", "file": "network.npz"}                     rows by COPY, then VACUUM ANALYZE
{"do": "time", "way": "push", "readers": [...]}           {"ms": [...]}: page and JSON, for each reader
{"do": "pages", "way": "pull", "readers": [...]}          {"pages": [[ids], ...], "fields": [...]}
{"do": "post", "posts": [[id, author id, text], ...]}     {"ms": [...]}
{"do": "sessions", "readers": [...]}                      {"cookies": [...]}
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

import numpy as np  # noqa: E402  # needs Django's settings, as all that follows
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402

from benchmarks.homes.network import text_of  # noqa: E402
from benchmarks.orm_feed.models import Person, Post  # noqa: E402
from benchmarks.orm_feed.pages import page, post_push  # noqa: E402
from config.ids import id_time_ms  # noqa: E402  # arithmetic alone

AT_ONCE = 100_000


def load(file: str) -> dict[str, Any]:
    """Everybody, their follows, posts and inboxes."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    with np.load(file) as network:
        people, handles = network["people"].tolist(), network["handles"].tolist()
        followers, followees = network["followers"], network["followees"]
        posts, authors = network["posts"].tolist(), network["authors"]
    person_rows = (
        f"{who}\t{handle}\t{handle}\t\tt\tf\t!" for who, handle in zip(people, handles, strict=True)
    )
    _copy(Person, "id,handle,name,avatar_url,is_active,is_private,password", person_rows)
    ids = np.array(people)
    edges = zip(ids[followers].tolist(), ids[followees].tolist(), strict=True)
    _copy_into("orm_feed_follow", "follower_id,followee_id", (f"{one}\t{other}" for one, other in edges))
    _copy_posts(posts, ids[authors].tolist())
    _copy_into("orm_feed_inbox", "reader_id,post_id", _inbox_rows(ids, followers, followees, posts, authors))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM orm_feed_inbox")
        return {"inbox_rows": cursor.fetchone()[0]}


def _copy_posts(posts: list[int], authors: list[int]) -> None:
    fields = [field for field in Post._meta.concrete_fields if field.column not in {"id", "author_id", "text", "created_at", "edited_at"}]  # fmt: skip
    defaults = [
        json.dumps(value) if isinstance(value := field.get_default(), list) else str(value)
        for field in fields
    ]
    columns = ",".join(["id", "author_id", "text", "created_at", *(field.column for field in fields)])
    rows = (
        "\t".join([str(post), str(author), text_of(post), _moment(post).isoformat(), *defaults])
        for post, author in zip(posts, authors, strict=True)
    )
    _copy(Post, columns, rows)


def _inbox_rows(ids: Any, followers: Any, followees: Any, posts: list[int], authors: Any) -> Iterator[str]:
    by_followee = np.argsort(followees, kind="stable")
    starts = np.searchsorted(followees[by_followee], np.arange(len(ids) + 1))
    for post, author in zip(posts, authors.tolist(), strict=True):
        readers = followers[by_followee[starts[author] : starts[author + 1]]]
        yield from (f"{reader}\t{post}" for reader in [*ids[readers].tolist(), int(ids[author])])


def _copy(model: Any, columns: str, rows: Iterable[str]) -> None:
    _copy_into(model._meta.db_table, columns, rows)


def _copy_into(table: str, columns: str, rows: Iterable[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        part: list[str] = []
        for row in rows:
            part.append(row)
            if len(part) == AT_ONCE:
                copy.write("\n".join(part) + "\n")
                part.clear()
        if part:
            copy.write("\n".join(part) + "\n")


def _moment(post: int) -> datetime:
    return datetime.fromtimestamp(id_time_ms(post) / 1000, UTC)


def timed(way: str, readers: list[int]) -> dict[str, Any]:
    """How long each reader's page takes, JSON included."""
    renderer = JSONRenderer()
    return {"ms": [_ms(lambda reader=reader: renderer.render(page(reader, way))) for reader in readers]}  # type: ignore[misc]


def pages(way: str, readers: list[int]) -> dict[str, Any]:
    """What is on each page."""
    found = [page(reader, way)["items"] for reader in readers]
    fields = sorted(json.loads(JSONRenderer().render(found[0][0])))
    return {"pages": [[item["id"] for item in items] for items in found], "fields": fields}


def post(posts: list[tuple[int, int, str]]) -> dict[str, Any]:
    """How long each post takes, until everybody has it."""
    made = [Post(id=one, author_id=author, text=text, created_at=_moment(one)) for one, author, text in posts]
    return {"ms": [_ms(lambda one=one: post_push(one)) for one in made]}  # type: ignore[misc]


def sessions(readers: list[int]) -> dict[str, Any]:
    """Signed in, each."""
    cookies = []
    for reader in readers:
        client = Client()
        client.force_login(Person.objects.get(pk=reader))
        cookies.append(client.cookies["sessionid"].value)
    return {"cookies": cookies}


def _ms(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    "load": load,
    "time": timed,
    "pages": pages,
    "post": post,
    "sessions": sessions,
}


def main() -> None:
    """Until there are no more questions."""
    for line in sys.stdin:
        question = json.loads(line)
        answer = ANSWERS[question.pop("do")](**question)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
