"""People in a machine: what the stream brings about between them by itself, which the model hears of too."""

from typing import Any

from accounts.services import account_switch, profile_update
from config.entities import UserId
from config.streams import Change
from graph.approval_events import ApprovalBegun
from graph.approvals import approval_of
from graph.events import RequestCreated
from tests.flows.graph_model import Graph
from tests.flows.machine_world import World


class Society(World):
    """`touched` are those of whom something may have changed by the last step."""

    model: Graph
    numbers: dict[UserId, int]
    touched: set[int]

    def hear(self, change: Change) -> None:
        if change.table.name != "graph":
            return
        if request := RequestCreated.from_change(change):
            self.model.hear_request(*self.pair_of(request))
            self.touched |= set(self.pair_of(request))
        if begun := ApprovalBegun.from_change(change):
            self.model.hear_run(self.numbers[begun.owner_id], begun.run)
            self.touched = set(range(len(self.ids)))

    def privacy_turned(self, person: int, weather: Any) -> None:
        """Private becomes public, with all who have asked, or public private."""
        opened = person in self.model.private
        self.do(weather, profile_update, user_id=person, is_private=not opened)
        self.model.private ^= {person}
        if opened:
            self.model.approve_all(person, self.run_of(person), of_public=True)
        self.touch(person)

    def account_turned(self, person: int) -> None:
        """Switched off, or on again."""
        account_switch(user_id=self.ids[person], is_active=person in self.model.gone)
        self.model.gone ^= {person}
        self.touch(person)

    def touch(self, *touched: int) -> None:
        self.touched, self.settled = set(touched), False

    def pair_of(self, event: RequestCreated) -> tuple[int, int]:
        return self.numbers[event.follower_id], self.numbers[event.followee_id]

    def run_of(self, person: int) -> int:
        approval = approval_of(self.ids[person])
        assert approval is not None
        return approval.id
