"""People in a machine: what the stream brings about between them by itself, which the model hears of too."""

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

    def pair_of(self, event: RequestCreated) -> tuple[int, int]:
        return self.numbers[event.follower_id], self.numbers[event.followee_id]

    def run_of(self, person: int) -> int:
        approval = approval_of(self.ids[person])
        assert approval is not None
        return approval.id
