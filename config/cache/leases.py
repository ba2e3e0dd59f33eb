"""The scripts that change an entry in Redis only where what they expect is still there.

    reader    asks: nothing ... leaves a token ... loads .............. fills, where its token still is
    writer                                          stores ... marks the key as changed: the reader's fill is refused
    another   asks: a token ... waits, then takes it over, should its owner have died: the late owner's fill is refused

Where a kind has `copies`, whatever changes an entry takes its copies away in the same step (`config.cache.copies`).

Source: Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, 3.2.1 (leases).
"""

from collections.abc import Sequence
from typing import Any, Final

import redis
from django_redis import get_redis_connection

TOKEN_MS: Final = 5_000

_LEASE: Final = """
local answers = {}
for i, key in ipairs(KEYS) do
  local now = redis.call('get', key)
  local seen = ARGV[i + 2]
  if not now then
    now = '?' .. ARGV[1]
    redis.call('set', key, now, 'px', ARGV[2])
  elseif now == '!' or now == seen then
    now = string.sub(now, 1, 1) .. ARGV[1]
    redis.call('set', key, now, 'keepttl')
  end
  answers[i] = now
end
return answers
"""

_FILL: Final = """
local taken = {}
for i, key in ipairs(KEYS) do
  taken[i] = 0
  if redis.call('get', key) == ARGV[3 * i - 2] then
    taken[i] = 1
    if ARGV[3 * i - 1] ~= '' then redis.call('set', key, ARGV[3 * i - 1], 'px', ARGV[3 * i])
    elseif string.sub(ARGV[3 * i - 2], 1, 1) == '!' then redis.call('set', key, '!', 'keepttl')
    else redis.call('del', key) end
  end
end
return taken
"""

_FORGET: Final = """
for _, key in ipairs(KEYS) do
  if redis.call('getrange', key, 0, 0) ~= '~' then redis.call('set', key, '!', 'px', ARGV[1]) end
end
"""

_FORGET_UNLESS: Final = """
for i, key in ipairs(KEYS) do
  local now = redis.call('get', key)
  local tag = now and string.sub(now, 1, 1)
  if tag ~= '~' and not (tag == '=' and string.sub(now, 22) == ARGV[i + 1]) then
    redis.call('set', key, '!', 'px', ARGV[1])
  end
end
"""

_PUT: Final = """
for i, key in ipairs(KEYS) do
  local now, new = redis.call('get', key), ARGV[3 * i - 2]
  local tag = now and string.sub(now, 1, 1)
  local high, low = 0, 0
  if tag == '=' or tag == '-' then high, low = struct.unpack('>I4I4', now, 2) end
  if tag == '=' or (tag == '-' and high + low > 0) then
    local new_high, new_low = struct.unpack('>I4I4', new, 2)
    if new_high > high or (new_high == high and new_low >= low) then redis.call('set', key, new, 'px', ARGV[3 * i - 1]) end
  elseif tag == '?' or tag == '-' then
    redis.call('set', key, '!', 'px', ARGV[3 * i])
  elseif tag == '!' and #now > 1 then
    redis.call('set', key, '!', 'keepttl')
  end
end
"""

_WITHOUT_COPIES: Final = """
for _ = 1, tonumber(table.remove(ARGV)) do redis.call('unlink', table.remove(KEYS)) end
"""

_COPY: Final = """
if redis.call('get', KEYS[1]) == ARGV[1] then
  local left = redis.call('pttl', KEYS[1])
  if left > 0 then redis.call('set', KEYS[2], ARGV[1], 'px', left) end
end
"""


def client() -> "redis.Redis":
    """The connection of the cache."""
    connection: redis.Redis = get_redis_connection("default")
    return connection


def ask(names: Sequence[str]) -> list[bytes | None]:
    """What is there of each.

    Cost: 1 round trip.
    """
    return list(client().mget(names))  # type: ignore[arg-type]  # redis-py's are for both kinds of client


def lease(names: Sequence[str], seen: Sequence[bytes], token: bytes) -> list[bytes]:
    """What is there of each, after the token was left where there was nothing, a change, or the lease that was `seen`.

    Cost: 1 round trip.
    """
    return list(_run(_LEASE, names, token, TOKEN_MS, *seen))


def fill(names: Sequence[str], triples: Sequence[Any], *, copies: Sequence[str]) -> list[int]:
    """Set where what is expected is there: a triple (expected, new, milliseconds) a name; empty takes it away. 1 where it was done.

    Cost: 1 round trip.
    """
    return list(_change(_FILL, names, copies, *triples))


def forget(names: Sequence[str], changed_ms: int, *, copies: Sequence[str]) -> None:
    """Leave the mark of a change, whatever is there, a doubt alone excepted.

    Cost: 1 round trip.
    """
    _change(_FORGET, names, copies, changed_ms)


def forget_unless(
    names: Sequence[str], payloads: Sequence[bytes], changed_ms: int, *, copies: Sequence[str]
) -> None:
    """The same, but for values that say just this.

    Cost: 1 round trip.
    """
    _change(_FORGET_UNLESS, names, copies, changed_ms, *payloads)


def set_all(names: Sequence[str], pairs: Sequence[tuple[bytes, int]], *, copies: Sequence[str]) -> None:
    """Set whatever is there: a pair (new, milliseconds) a name.

    Cost: 1 round trip.
    """
    pipeline = _pipeline(copies)
    for name, (raw, milliseconds) in zip(names, pairs, strict=True):
        pipeline.set(name, raw, px=milliseconds)
    pipeline.execute()


def add_all(
    names: Sequence[str], pairs: Sequence[tuple[bytes, int]], *, copies: Sequence[str]
) -> list[bytes | None]:
    """Set where nothing is; what is there then.

    Cost: 1 round trip.
    """
    pipeline = _pipeline(copies)
    for name, (raw, milliseconds) in zip(names, pairs, strict=True):
        if raw:
            pipeline.set(name, raw, px=milliseconds, nx=True)
    pipeline.mget(names)
    return list(pipeline.execute()[-1])


def put_newer(names: Sequence[str], triples: Sequence[Any], *, copies: Sequence[str]) -> None:
    """Replace entries of an older version: a triple (new, milliseconds, milliseconds of a mark) a name.

    Where somebody is loading their fill is refused, and an absence that was loaded is loaded anew, for it tells no version;
    where nothing is, nothing is put: what is late would stand there.

    Cost: 1 round trip.
    """
    _change(_PUT, names, copies, *triples)


def copy(name: str, copy_name: str, raw: bytes) -> None:
    """Set a copy of an entry, if that is still there, for as long as that will be.

    Cost: 1 round trip.
    """
    _run(_COPY, [name, copy_name], raw)


def _change(script: str, names: Sequence[str], copies: Sequence[str], *arguments: Any) -> Any:
    """With the copies taken away, at once for everybody."""
    if not copies:
        return _run(script, names, *arguments)
    return _run(_WITHOUT_COPIES + script, [*names, *copies], *arguments, len(copies))


def _pipeline(copies: Sequence[str]) -> Any:
    """The same, for commands that follow."""
    pipeline = client().pipeline(transaction=bool(copies))
    if copies:
        pipeline.unlink(*copies)
    return pipeline


def _run(script: str, names: Sequence[str], *arguments: Any) -> Any:
    return client().eval(script, len(names), *names, *arguments)
