"""Copies of a hot entry under names of their own, of which each process asks for one: in a cluster they lie on other servers.

    reader   asks for its copy: nothing ... asks for the entry itself, and answers ... has it copied, if it still is those bytes
    writer   changes the entry and takes all its copies away, in one step
    reader   asks for its copy: nothing

So a copy has the bytes of its entry, or of the last one there was, should Redis have put that out: whoever loads it anew takes
the copies away with their fill, before they answer. Copies are never filled by a load. A writer need not know whether a key is
hot for anybody: of a kind that has copies it always takes away all.
"""

import random

from config.cache.kinds import Kind


def copy_name(name: str, number: int) -> str:
    """What Redis knows a copy by, of an entry of this name."""
    return f"{name}~{number}"


def pick_copy(kind: Kind) -> int:
    """Which one a process asks for; 0 is the entry itself."""
    return random.randrange(kind.copies + 1)
