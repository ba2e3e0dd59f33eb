"""Writes a plan through the services. Every step looks at what is there first, so it can be stopped and run again.

People are known by their handle, edges and likes by their two ends, posts by author and time, comments by text.
The network's clock is the moment its first person joined: a later run plans the same times.
"""

import threading
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO

from django.contrib.auth.hashers import make_password

from accounts.entities import Trust
from accounts.services import account_create, account_trust, profile_update
from config.entities import PostId, UserId
from config.ids import id_time_ms
from feed.demo.accounts import accounts_of, painted_among
from feed.demo.crew import Crew
from feed.demo.follows import Follow
from feed.demo.painting import Studio, avatar_file, stored_photo, studio
from feed.demo.people import Person
from feed.demo.plan import SPAN_MS, Plan, PlannedComment, PlannedPost
from feed.demo.repeats import put_repeats, repeats_of
from graph.bulk import follows_bring
from graph.selectors import relationships
from graph.services import follow_create
from posts.bringing import likes_bring
from posts.comment_entities import CommentRef
from posts.entities import Photo
from posts.media.direct import photo_copy
from posts.media.files import photo_remove
from posts.selectors import posts_by_ids, recent_post_ids
from posts.services import post_create
from posts.thread_selectors import comments_of_post, replies_of_comment
from posts.threads import comment_create, comment_like

PASSWORD = "kestrel-over-water"  # noqa: S105  # printed on purpose: demo accounts are for trying out
MOST_POSTS = 10_000
MOST_COMMENTS = 500


@dataclass(slots=True)
class Network:
    """What stands so far: ids by the plan's numbers, and how much this run has written."""

    plan: Plan
    crew: Crew
    user_ids: dict[int, UserId] = field(default_factory=dict)
    post_ids: dict[int, PostId] = field(default_factory=dict)
    clock_ms: int = 0
    written: Counter[str] = field(default_factory=Counter)


def build(plan: Plan, *, processes: int = 2, crew: Crew | None = None) -> Counter[str]:
    """Bring the network to what the plan says; returns how much was missing and has been written, by kind.

    Idempotent: by handle, edge, author and time, like, comment. Raises: HandleTaken.
    """
    network = Network(plan, crew or Crew())
    with studio(processes) as painters:
        put_people(network, painters)
        missing = missing_posts(network)
        pictures = Pictures(plan, painters, missing)
        try:
            # All that is posted comes before the follows, for then there is nobody to deliver it to: who has never come
            # has a first page from the authors, and an inbox from then on.
            put_posts(network, "Texts", [post for post in missing if post.picture is None], pictures)
            put_posts(network, "Pictures", [post for post in missing if post.picture is not None], pictures)
        finally:
            pictures.sweep()
    network.written += put_repeats(
        repeats_of(plan),
        user_ids=network.user_ids,
        post_ids=network.post_ids,
        clock_ms=network.clock_ms,
        crew=network.crew,
    )
    put_follows(network)
    old = (
        posts_by_ids(network.post_ids[post.number] for post in plan.posts if post not in missing)
        if missing != plan.posts
        else {}
    )
    put_likes(network, {post.id: post.like_count for post in old.values()})
    put_comments(network, {post.id: post.comment_count for post in old.values()})
    return network.written


def put_people(network: Network, painters: Studio) -> None:
    people = network.plan.people
    found = accounts_of(people)
    painted = painted_among(network.plan)
    new = [
        person
        for person in people
        if person.handle not in found
        or (person.number in painted and not found[person.handle].profile.avatar)
    ]
    avatars = {
        person.number: painters.order(avatar_file, person, with_photos=network.plan.with_photos)
        for person in new
        if person.number in painted
    }
    password_hash = make_password(PASSWORD)

    def put(person: Person) -> None:
        user = found.get(person.handle) or account_create(
            handle=person.handle,
            email=person.email,
            password=PASSWORD,
            name=person.name,
            password_hash=password_hash,
        )
        found[person.handle] = user
        account_trust(user_id=UserId(user.pk), trust=Trust.TRUSTED)
        avatar = BytesIO(avatars[person.number].result()) if person.number in avatars else None
        profile_update(
            user_id=UserId(user.pk), bio=person.bio, is_private=person.is_private or None, avatar=avatar
        )
        network.written["people"] += 1

    # One after the other: accounts are in the ORM, and SQLite has one writer.
    Crew(0, network.crew.shows_progress).each("People", new, put)
    network.user_ids = {person.number: UserId(found[person.handle].pk) for person in people}
    network.clock_ms = int(found[people[0].handle].date_joined.timestamp() * 1000)


def put_follows(network: Network) -> None:
    """Edges that are missing, and the requests that private people have not answered."""
    ids = network.user_ids
    wanted: dict[int, list[Follow]] = {}
    for follow in network.plan.follows:
        wanted.setdefault(follow.follower, []).append(follow)
    there: set[tuple[int, int]] = set()

    def look(follower: int) -> None:
        mine = wanted[follower]
        standing = relationships(ids[follower], [ids[follow.followee] for follow in mine])
        for follow in mine:
            now = standing[ids[follow.followee]]
            if now.following or (now.requested and not follow.approved):
                there.add((follow.follower, follow.followee))

    def put(follower: int) -> None:
        stand = [follow for follow in new[follower] if follow.approved]
        follows_bring(
            follower_id=ids[follower],
            at_ms={ids[follow.followee]: since_ms[follow.follower, follow.followee] for follow in stand},
        )
        for follow in new[follower]:
            if not follow.approved:
                follow_create(follower_id=ids[follower], followee_id=ids[follow.followee])

    if not network.written["people"]:
        network.crew.each("Edges", list(wanted), look)
    missing = [follow for follow in network.plan.follows if (follow.follower, follow.followee) not in there]
    # One after the other over the weeks that the posts are of, the last ones today.
    since_ms = {
        (follow.follower, follow.followee): network.clock_ms - SPAN_MS * number // len(network.plan.follows)
        for number, follow in enumerate(network.plan.follows)
    }
    new: dict[int, list[Follow]] = {}
    for follow in missing:
        new.setdefault(follow.follower, []).append(follow)
    # One person after the other: nearly all follow the best known, whose counters take one transaction at a time.
    Crew(0, network.crew.shows_progress).each("Follows", list(new), put)
    network.written["follows"] += len(missing)


def missing_posts(network: Network) -> list[PlannedPost]:
    """Posts that no author has at the planned time; the ids of the others are noted."""
    by_author: dict[int, list[PlannedPost]] = {}
    for post in network.plan.posts:
        by_author.setdefault(post.author, []).append(post)
    for author, planned in by_author.items() if network.written["people"] < len(network.plan.people) else ():
        kept = {
            id_time_ms(post_id): post_id
            for post_id in recent_post_ids(network.user_ids[author], limit=MOST_POSTS)
        }
        for post in planned:
            if (post_id := kept.get(network.clock_ms - post.ago_ms)) is not None:
                network.post_ids[post.number] = post_id
    return [post for post in network.plan.posts if post.number not in network.post_ids]


class Pictures:
    """Stored pictures of the posts to come: the first post gets the original, later ones copies of their own."""

    def __init__(self, plan: Plan, painters: Studio, posts: list[PlannedPost]) -> None:
        wanted = dict.fromkeys(post.picture for post in posts if post.picture is not None)
        self._orders: dict[int, Future[Photo]] = {
            picture: painters.order(stored_photo, plan.recipes[picture]) for picture in wanted
        }
        self._given: set[int] = set()
        self._lock = threading.Lock()

    def take(self, picture: int) -> Photo:
        original = self._orders[picture].result()
        with self._lock:
            is_first = picture not in self._given
            self._given.add(picture)
        return original if is_first else photo_copy(original, alt=original.alt)

    def sweep(self) -> None:
        """Remove originals that no post got, as after Ctrl-C."""
        for picture, order in self._orders.items():
            if picture not in self._given and not order.cancel() and order.exception() is None:
                photo_remove(order.result())


def put_posts(network: Network, stage: str, missing: list[PlannedPost], pictures: Pictures) -> None:
    def put(post: PlannedPost) -> None:
        photo = None if post.picture is None else pictures.take(post.picture)
        created = post_create(
            author_id=network.user_ids[post.author],
            text=post.text,
            photo=photo,
            audience=post.audience,
            at_ms=network.clock_ms - post.ago_ms,
        )
        network.post_ids[post.number] = created.id

    network.crew.each(stage, missing, put)
    network.written["posts"] += len(missing)


def put_likes(network: Network, counted: dict[PostId, int]) -> None:
    """Likes of posts that have fewer than planned; a like that is there stays one like."""
    planned = Counter(post for post, _ in network.plan.likes)
    behind = {post for post, count in planned.items() if counted.get(network.post_ids[post], 0) < count}
    missing: dict[int, list[int]] = {}
    for post, person in network.plan.likes:
        if post in behind:
            missing.setdefault(post, []).append(person)

    def put(number: int) -> None:
        """The first like is soon after the post, the last one when the network's clock stands still."""
        people, ago_ms = missing[number], network.plan.posts[number].ago_ms
        at_ms = {
            network.user_ids[person]: network.clock_ms - ago_ms + ago_ms * (turn + 1) // (len(people) + 1)
            for turn, person in enumerate(people)
        }
        likes_bring(post_id=network.post_ids[number], at_ms=at_ms)

    network.crew.each("Likes", list(missing), put)
    network.written["likes"] += sum(map(len, missing.values()))


def put_comments(network: Network, counted: dict[PostId, int]) -> None:
    """Comments, with who likes them, of posts that have fewer than planned, but for those whose words are there."""
    planned: dict[int, list[PlannedComment]] = {}
    for comment in network.plan.comments:
        planned.setdefault(comment.post, []).append(comment)
    missing: list[PlannedComment] = []
    for number, comments in planned.items():
        post_id = network.post_ids[number]
        if counted.get(post_id, 0) >= len(comments):
            continue
        said = _said_under(post_id) if counted.get(post_id) else {}
        missing += [c for c in comments if (network.user_ids[c.author], c.text) not in said]
    network.crew.each("Comments", [c for c in missing if c.answers is None], partial(_put_comment, network))
    network.crew.each("Answers", [c for c in missing if c.answers], partial(_put_comment, network))
    network.written["comments"] += len(missing)


def _put_comment(network: Network, comment: PlannedComment) -> None:
    post_id = network.post_ids[comment.post]
    reply_to = None
    if comment.answers:
        who, what = comment.answers
        reply_to = _said_under(post_id).get((network.user_ids[who], what))
    made = comment_create(
        author_id=network.user_ids[comment.author],
        post_id=post_id,
        text=comment.text,
        reply_to=reply_to,
        at_ms=network.clock_ms - comment.ago_ms,
    )
    for liker in comment.likers:
        comment_like(user_id=network.user_ids[liker], ref=made.ref)


def _said_under(post_id: PostId) -> dict[tuple[UserId, str], CommentRef]:
    """Who has said what under a post, replies too."""
    found = posts_by_ids([post_id])
    spread = found[post_id].spread if found else 0
    roots = comments_of_post(post_id, limit=MOST_COMMENTS, spread=spread).items
    replies = [
        reply
        for root in roots
        if root.replies
        for reply in replies_of_comment(root, limit=MOST_COMMENTS).items
    ]
    return {(said.author_id, said.text): said.ref for said in (*roots, *replies)}
