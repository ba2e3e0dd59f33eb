"""Versions of the pages that edges keep, by the stamps of what they show.

    edge:<digest of an address>    set, for RECORD_SECONDS: the names of all that was shown there by any rendering;
                                   "@<stamp of everything>" of those made when nothing was known; "-": not for edges;
                                   "=<digest of names and stamps>:<stamp of everything>" of those after which that still stood

    the version of a page          nothing of anybody was hidden since it was first made    g + the stamp of everything
                                   nothing of its own was hidden since then                 the same, of then
                                   else                                                     n + digest of the set and the stamps

A page is asked for *after* its version was told, and is kept under it. So what is kept under the present version was read
after the last time that anything on it was hidden. Names are only added: no rendering, however late, can make an edge
forget what another one showed. A new set, when the old one has run out or become too large, begins with a stamp of
everything that no digest of the old one had as its first, so it has none of its versions.

Where the stamp of everything is the same after the names' stamps were read as when the version was told, nothing of theirs
was hidden in between: as long as they have these stamps a page is not made once more for what was hidden elsewhere. A
stamp that is gone, for whatever reason, or not steady yet leaves the version of what nothing is known of, which changes
whenever anything is hidden.

Fail-closed: without Redis there is no version, and no edge keeps or gives out anything.
"""

from collections.abc import Collection, Iterable
from hashlib import blake2b
from typing import Final
from uuid import uuid4

import redis
from django_redis import get_redis_connection

from config import stamps
from config.redis_names import name_of

KIND: Final = "edge"
KEPT_SECONDS: Final = 600
"""No edge gives out what is older while its origin answers (`opting`); while that fails, what has a version (`deploy/nginx`)."""
RECORD_SECONDS: Final = 900
REFUSED_SECONDS: Final = 10
NAMES_AT_MOST: Final = 400
_REFUSED: Final = b"-"
_SINCE: Final = b"@"
_STANDS: Final = b"="


class Shown(stamps.Watch):
    """Hears what an answer is made from. Only names: an edge was told its version before anything was read."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def see(self, names: Iterable[str], loose: Iterable[str] = ()) -> None:  # noqa: ARG002  # as in its base
        """Keep those of what is shown to everybody. Cost: none."""
        self.names.update(name for name in names if name.startswith(stamps.PUBLIC))


def version_of(address: str) -> str:
    """Under which version an edge may have kept what is at an address; "" if it must not keep it.

    Cost: 1 round trip to Redis; 2 once something, anywhere, was hidden since.
    Raises: redis.RedisError.
    """
    client = _client()
    pipeline = client.pipeline(transaction=False)
    pipeline.smembers(_key(address))
    pipeline.get(stamps.key_of(stamps.EVERYTHING))
    members, everything = pipeline.execute()
    if _REFUSED in members:
        return ""
    if everything is None:
        everything = _stamped(client)
    unknown = f"g{everything.decode()}"
    if not any(_said(members)) or _SINCE + everything in members:
        return unknown
    names = _names(members)
    found: list[bytes | None] = client.mget([stamps.key_of(name) for name in names]) if names else []  # type: ignore[assignment]  # redis-py's are for both kinds of client
    known = [stamp for stamp in found if stamp is not None and stamp != stamps.UNSTEADY]
    if len(known) < len(names):
        return unknown
    digest = _digest(members, known)
    stands = [member for member in members if member.startswith(_STANDS + digest)]
    return f"g{min(stands).rpartition(b':')[2].decode()}" if stands else f"n{digest.decode()}"


def _said(members: Iterable[bytes]) -> list[bytes]:
    """What renderings have noted, in one order; without what was found out of it later."""
    return sorted(member for member in members if member[:1] != _STANDS)


def _names(members: Iterable[bytes]) -> list[str]:
    return [member.decode() for member in _said(members) if member[:1] != _SINCE]


def _digest(members: Iterable[bytes], known: Iterable[bytes]) -> bytes:
    """Of a set and the stamps of its names, in their order."""
    return blake2b(b"\0".join([*_said(members), *known]), digest_size=12).hexdigest().encode()


def _stamped(client: "redis.Redis") -> bytes:
    key = stamps.key_of(stamps.EVERYTHING)
    client.set(key, uuid4().hex, nx=True)
    return bytes(client.get(key) or b"")  # type: ignore[arg-type]  # as above


def remember(address: str, version: str, names: Collection[str]) -> None:
    """An answer that an edge may keep was made for a version, and shows these.

    To be called before the edge has the answer. Cost: 2 round trips to Redis, 4 of the first answers of a page, 1 without names.
    Raises: redis.RedisError, and then the edge must not keep it.
    """
    members = [*names, f"@{version[1:]}"] if version[:1] == "g" else list(names)
    if not members:
        return
    pipeline = _client().pipeline(transaction=False)
    pipeline.sadd(_key(address), *members)
    pipeline.expire(_key(address), RECORD_SECONDS, nx=True)
    pipeline.smembers(_key(address))
    known: set[bytes] = pipeline.execute()[-1]
    if len(known) > NAMES_AT_MOST:
        _client().delete(_key(address))
        return
    watch = stamps.Watch()
    watch.see(_names(known))  # of those too that this rendering showed no more
    if version[:1] == "g" and watch.is_sound:
        _stands(address, version[1:].encode(), _digest(known, watch.stamps.values()))


def _stands(address: str, everything: bytes, digest: bytes) -> None:
    """What was made for this stamp of everything is right for these stamps of its names: nothing was hidden meanwhile."""
    if _client().get(stamps.key_of(stamps.EVERYTHING)) == everything:
        pipeline = _client().pipeline(transaction=False)
        pipeline.sadd(_key(address), _STANDS + digest + b":" + everything)
        pipeline.expire(_key(address), RECORD_SECONDS, nx=True)  # the set may have run out just now
        pipeline.execute()


def refuse(address: str) -> None:
    """What is there is for nobody else: the edge need not hold back others who ask while it waits for one answer.

    Cost: 1 round trip to Redis. Raises: redis.RedisError.
    """
    pipeline = _client().pipeline(transaction=False)
    pipeline.delete(_key(address))
    pipeline.sadd(_key(address), _REFUSED)
    pipeline.expire(_key(address), REFUSED_SECONDS)
    pipeline.execute()


def _key(address: str) -> str:
    digest = blake2b(address.encode(), digest_size=16).hexdigest()
    return name_of(KIND, digest)


def _client() -> "redis.Redis":
    client: redis.Redis = get_redis_connection("default")
    return client
