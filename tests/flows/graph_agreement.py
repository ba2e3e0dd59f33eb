"""What must hold after every step of `test_graph_machine`: selectors say what the model says."""

from hypothesis.stateful import invariant

from accounts.selectors import profiles_by_ids
from graph.entities import Side
from graph.errors import ListHidden
from graph.mutes import muted_among
from graph.people import people_page, requests_page
from graph.selectors import counts, counts_by_ids, edges_page, relationships
from posts.entities import Audience, Post
from posts.visibility import visible_posts
from tests.flows.machine_people import Society

PEOPLE = range(5)


class Agreement(Society):
    """Looks at those who are `touched`; the model knows people by number, the system by id.

    The counts that are shown follow a hot account's with the stream: they are looked at when it is `settled`.
    """

    posts: dict[tuple[int, Audience], Post]

    @invariant()
    def relationships_and_counts_agree(self) -> None:
        for person in self.touched:
            others = [other for other in PEOPLE if other != person]
            found = relationships(self.ids[person], [self.ids[b] for b in others], consistent=True)
            assert found == {self.ids[b]: self.model.relationship(person, b) for b in others}
            assert counts(self.ids[person], consistent=True) == self.model.counts(person)
            muted = muted_among(self.ids[person], [self.ids[b] for b in others])
            assert muted == {self.ids[b] for b in others if (person, b) in self.model.mutes}
        if self.settled:
            shown = counts_by_ids(self.ids)
            assert shown == {user_id: self.model.counts(person) for user_id, person in self.numbers.items()}

    @invariant()
    def lists_agree(self) -> None:
        for person in self.touched:
            user_id = self.ids[person]
            followers = edges_page(Side.FOLLOWER, user_id).items
            assert [self.numbers[e.follower_id] for e in followers] == self.model.followers(person)
            following = edges_page(Side.FOLLOWING, user_id).items
            assert [self.numbers[e.followee_id] for e in following] == self.model.following(person)
            asked = requests_page(user_id, Side.REQUEST_IN).items
            assert [self.numbers[p.profile.id] for p in asked] == self.model.requests_in(person)
            asking = requests_page(user_id, Side.REQUEST_OUT).items
            assert [self.numbers[p.profile.id] for p in asking] == self.model.requests_out(person)

    @invariant()
    def everybody_sees_what_is_for_them(self) -> None:
        for viewer in [None, *self.touched]:
            seen = visible_posts(None if viewer is None else self.ids[viewer], self.posts.values())
            expected = [
                post for (author, to), post in self.posts.items() if self.model.sees(viewer, author, to)
            ]
            assert seen == expected

    @invariant()
    def lists_hide_what_is_hidden(self) -> None:
        for viewer in self.touched:
            for owner in self.touched - {viewer} if len(self.touched) == 2 else {(viewer + 1) % len(PEOPLE)}:
                card = profiles_by_ids([self.ids[owner]])[self.ids[owner]]
                try:
                    page = people_page(self.ids[viewer], card, Side.FOLLOWER)
                except ListHidden:
                    assert self.model.list_is_hidden(viewer, owner)
                    continue
                assert not self.model.list_is_hidden(viewer, owner)
                shown = self.model.listed(viewer, self.model.followers(owner))
                assert [self.numbers[row.profile.id] for row in page.items] == shown
