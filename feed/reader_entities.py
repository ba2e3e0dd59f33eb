"""What the feed keeps of a reader, in one partition: one read gives all of it."""

from dataclasses import dataclass, field

from config.entities import UserId
from feed.activity_entities import ReaderState
from feed.entities import Pulls
from feed.fingerprints import fingerprint


@dataclass(frozen=True, slots=True)
class People:
    """Some people, by fingerprint."""

    marks: frozenset[bytes] = frozenset()

    def __contains__(self, user_id: UserId) -> bool:
        return fingerprint(user_id) in self.marks


@dataclass(frozen=True, slots=True)
class Followees(People):
    """Whom a reader follows, a stream hop behind. `built_at_ms`: None until all of them are there.

    `asked_at_ms` is when somebody was last asked to see to what is here and in the inbox, `lacking_ms` when the inbox was
    last found to be without what it should have, `rebuilt_at_ms` the moment of the last asking that has been seen to.
    """

    built_at_ms: int | None = None
    asked_at_ms: int = 0
    lacking_ms: int = 0
    rebuilt_at_ms: int = 0

    @property
    def are_complete(self) -> bool:
        """Whether everybody followed is among them."""
        return self.built_at_ms is not None

    @property
    def lacking_before_ms(self) -> int:
        """Of before this moment the inbox may lack posts, whatever else is known of it; 0: it has been rebuilt."""
        return self.lacking_ms if self.lacking_ms > self.rebuilt_at_ms else 0


@dataclass(frozen=True, slots=True)
class ReaderRecord:
    """All of it; no state: no read is known of. `perhaps_muted`: nobody else is muted, once the followees are complete."""

    pulls: Pulls = field(default_factory=Pulls)
    state: ReaderState | None = None
    followees: Followees = field(default_factory=Followees)
    perhaps_muted: People = field(default_factory=People)
