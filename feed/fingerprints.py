"""People in four bytes each, so that all whom a reader follows are read with one half unit a thousand.

Two people may have the same one: of 5,000 followees somebody else's is among them once in a million. So a fingerprint may
show what anybody may see and what has been pushed; it never hides a post, never lets in to a private one, and who comes by
a fingerprint alone is asked after. See `feed.ranking.relations`.
"""

from hashlib import blake2b
from typing import Final

from config.entities import UserId

SIZE: Final = 4
CHUNKS: Final = 32


def fingerprint(user_id: UserId) -> bytes:
    """Always the same for a person."""
    return blake2b(user_id.to_bytes(8, "big"), digest_size=SIZE).digest()


def chunk_of(mark: bytes) -> int:
    """The chunk that a fingerprint lies in: each stays small, so that a follow is one write unit up to 8,000 or so."""
    return mark[0] % CHUNKS
