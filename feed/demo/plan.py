"""The whole demo network as plain values: the same for the same arguments, on any machine, at any time."""

import hashlib
import random
from dataclasses import dataclass
from functools import partial

from feed.demo.conversations import Writer
from feed.demo.follows import Follow, celebrities_of, follows_of
from feed.demo.people import Person, people_of
from feed.demo.pictures import Recipe, recipes_of
from feed.demo.stock import UTC_OFFSETS

PHOTO_POSTS = 0.45
WITHOUT_CAPTION = 0.1
LIKES_A_POST, COMMENTS_A_POST = 1.6, 0.5
AGREE = 0.2
"""The share of those who have read a comment and like it."""
SPAN_MS = 42 * 86_400_000
HOUR_MS = 3_600_000
# How likely somebody posts in each hour of their own day.
HOURS = (2, 1, 1, 1, 1, 3, 6, 10, 12, 10, 9, 9, 11, 10, 8, 8, 9, 11, 13, 14, 14, 12, 8, 5)
AUDIENCES = ("everyone",) * 14 + ("followers",)


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """`ago_ms` before the network's own clock, different for every post of one author; `picture` is an index of recipes."""

    number: int
    author: int
    ago_ms: int
    text: str
    picture: int | None
    audience: str


@dataclass(frozen=True, slots=True)
class PlannedComment:
    post: int
    author: int
    ago_ms: int
    text: str
    likers: tuple[int, ...] = ()
    answers: tuple[int, str] | None = None
    """Who said what this answers, and what that was."""


@dataclass(frozen=True, slots=True)
class Plan:
    """People, edges, posts (oldest first), recipes of pictures, likes as (post, person), comments (oldest first)."""

    people: list[Person]
    celebrities: list[int]
    follows: list[Follow]
    recipes: list[Recipe]
    posts: list[PlannedPost]
    likes: list[tuple[int, int]]
    comments: list[PlannedComment]
    with_photos: bool

    def digest(self) -> str:
        """What two plans have in common if they are the same."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def plan_of(
    *, users: int, posts: int, seed: int, pictures: int | None = None, with_photos: bool = True
) -> Plan:
    people = people_of(users, seed)
    follows = follows_of(people, seed)
    distinct = pictures if pictures is not None else max(24, posts // 10)
    recipes = recipes_of(min(distinct, round(posts * PHOTO_POSTS) + 1), seed, with_photos=with_photos)
    planned = _posts(people, recipes, posts, seed)
    followers = _followers(follows)
    likes = _likes(people, planned, followers, seed)
    return Plan(
        people=people,
        celebrities=celebrities_of(people),
        follows=follows,
        recipes=recipes,
        posts=planned,
        likes=likes,
        comments=_comments(people, planned, likes, seed),
        with_photos=with_photos,
    )


def _followers(follows: list[Follow]) -> dict[int, list[int]]:
    followers: dict[int, list[int]] = {}
    for follow in follows:
        if follow.approved:
            followers.setdefault(follow.followee, []).append(follow.follower)
    return followers


def _posts(people: list[Person], recipes: list[Recipe], count: int, seed: int) -> list[PlannedPost]:
    rng = random.Random(f"{seed} posts")
    writer = Writer(random.Random(f"{seed} texts"))
    paces = [person.pace * (1 + min(person.fame, 8) / 4) for person in people]
    authors = [people[number % len(people)] for number in range(min(count, len(people)))]
    authors += rng.choices(people, weights=paces, k=count - len(authors))
    used: set[int] = set()
    moments = sorted(
        ((_ago_ms(author, rng, used), author) for author in authors), key=lambda moment: -moment[0]
    )
    posts: list[PlannedPost] = []
    pictured = 0
    for number, (ago_ms, author) in enumerate(moments):
        picture = None
        if recipes and rng.random() < PHOTO_POSTS:
            picture = pictured % len(recipes)
            pictured += 1
        if picture is None:
            text = writer.post(author)
        else:
            text = "" if rng.random() < WITHOUT_CAPTION else writer.caption(author, recipes[picture].subject)
        posts.append(PlannedPost(number, author.number, ago_ms, text, picture, rng.choice(AUDIENCES)))
    return posts


def _ago_ms(author: Person, rng: random.Random, used: set[int]) -> int:
    """A moment of the past six weeks at which this author is awake; no two posts share one."""
    while True:
        day = rng.random() ** 1.25 * SPAN_MS // 86_400_000
        hour = rng.choices(range(24), weights=HOURS)[0] - UTC_OFFSETS.get(author.language, 1)
        # The network's clock stands at 20:00 UTC, whenever it is built.
        ago = int(day * 86_400_000) + (20 - hour) % 24 * HOUR_MS + rng.randrange(150_000, HOUR_MS)
        if ago not in used:
            used.add(ago)
            return ago


def _likes(
    people: list[Person], posts: list[PlannedPost], followers: dict[int, list[int]], seed: int
) -> list[tuple[int, int]]:
    """Mostly followers like; some posts travel further. Who could not see a post never likes it."""
    rng = random.Random(f"{seed} likes")
    likes: dict[tuple[int, int], None] = {}
    for post in posts:
        audience = followers.get(post.author, [])
        appeal = rng.lognormvariate(0, 0.9) * (1.5 if post.picture is not None else 1) * LIKES_A_POST
        wanted = int(appeal * (0.25 + len(audience) / 38) + rng.random())
        open_to_all = post.audience == "everyone" and not people[post.author].is_private
        for _like in range(min(wanted, 60)):
            if audience and (rng.random() < 0.85 or not open_to_all):
                likes[post.number, rng.choice(audience)] = None
            elif open_to_all:
                likes[post.number, rng.randrange(len(people))] = None
    mixed = list(likes)
    rng.shuffle(mixed)
    return mixed


def _comments(
    people: list[Person], posts: list[PlannedPost], likes: list[tuple[int, int]], seed: int
) -> list[PlannedComment]:
    """Who comments is one of those who like; authors like some comments and answer some, others agree."""
    rng = random.Random(f"{seed} comments")
    writer = Writer(rng)
    wanted = int(len(posts) * COMMENTS_A_POST)
    comments: list[PlannedComment] = []
    said: set[tuple[int, str]] = set()
    agreeing = _likers(likes)
    for number, person in rng.sample(likes, k=min(wanted, len(likes))):
        post = posts[number]
        say = partial(
            writer.comment, author=people[post.author], text=post.text, has_photo=post.picture is not None
        )
        text = say(people[person])
        if (number, text) in said or person == post.author:
            continue
        said.add((number, text))
        ago_ms = int(post.ago_ms * (1 - min(0.9, rng.expovariate(14)))) - rng.randrange(30_000, 90_000)
        comments.append(
            PlannedComment(
                number, person, max(ago_ms, 1_000), text, _agree(rng, post.author, agreeing[number], person)
            )
        )
        if rng.random() < 0.16:
            answer = say(people[post.author])
            if (number, answer) not in said:
                said.add((number, answer))
                comments.append(
                    PlannedComment(
                        number,
                        post.author,
                        max(ago_ms - rng.randrange(60_000, HOUR_MS), 500),
                        answer,
                        (person,) if rng.random() < AGREE else (),
                        answers=(person, text),
                    )
                )
    return sorted(comments, key=lambda comment: -comment.ago_ms)


def _likers(likes: list[tuple[int, int]]) -> dict[int, list[int]]:
    likers: dict[int, list[int]] = {}
    for number, person in likes:
        likers.setdefault(number, []).append(person)
    return likers


def _agree(rng: random.Random, author: int, others: list[int], speaker: int) -> tuple[int, ...]:
    """Who likes a comment: its post's author now and then, some of those who like the post."""
    heads = [author, *others[:12]]
    return tuple(dict.fromkeys(one for one in heads if one != speaker and rng.random() < AGREE))
