"""Who lives in the demo network. Person n depends on the seed and n only, so a larger network contains the smaller."""

import random
from dataclasses import dataclass

from feed.demo.stock import Language, languages

PRIVATE_SHARE = 0.08
NO_BIO_SHARE = 0.08
FIRST = "ana"
"""The first person, whose sign-in is shown first: English, public, follows many."""
TOPICS = (
    "climbing",
    "food",
    "code",
    "birds",
    "film",
    "garden",
    "music",
    "travel",
    "books",
    "running",
    "science",
    "craft",
)
HANDLE_TAILS = ("", "", "", ".draws", ".outside", "_", ".home", ".log", ".away", "_etc", ".reads", ".slow")


@dataclass(frozen=True, slots=True)
class Person:
    """One account of the demo. `is_woman` goes with the name and decides how a portrait is drawn; `fame` weighs how likely others follow, `pace` how much they post."""

    number: int
    handle: str
    name: str
    bio: str
    language: str
    topics: tuple[str, ...]
    is_private: bool
    fame: float
    pace: float
    avatar_seed: int
    is_woman: bool

    @property
    def email(self) -> str:
        return f"{self.handle}@people.demo.example"


def people_of(count: int, seed: int) -> list[Person]:
    people: list[Person] = []
    handles: set[str] = set()
    names: set[str] = set()
    for number in range(count):
        person = _person(number, random.Random(f"{seed} person {number}"), handles, names)
        handles.add(person.handle)
        names.add(person.name)
        people.append(person)
    return people


def _person(number: int, rng: random.Random, handles: set[str], names: set[str]) -> Person:
    language = languages()["en"] if number == 0 else _language(rng)
    for _draw in range(40):
        is_woman = number == 0 or rng.random() < 0.5
        name, latin = _name(language, rng, is_woman=is_woman)
        if name not in names:
            break
    if number == 0:
        name, latin = "Ana Whitlock", (FIRST, "whitlock")
    return Person(
        number=number,
        handle=FIRST if number == 0 else _handle(latin, rng, handles),
        name=name,
        bio="" if number and rng.random() < NO_BIO_SHARE else rng.choice(language.bios),
        language=language.code,
        topics=tuple(rng.sample(TOPICS, k=rng.randint(2, 4))),
        is_private=number > 0 and rng.random() < PRIVATE_SHARE,
        fame=rng.paretovariate(1.15),
        pace=rng.lognormvariate(0, 0.9),
        avatar_seed=rng.getrandbits(32),
        is_woman=is_woman,
    )


def _language(rng: random.Random) -> Language:
    choices = list(languages().values())
    return rng.choices(choices, weights=[language.share for language in choices])[0]


def _name(language: Language, rng: random.Random, *, is_woman: bool) -> tuple[str, tuple[str, str]]:
    group = language.name_groups[0 if is_woman else 1]
    given, family = rng.choice(group.given), rng.choice(group.family)
    order = (family, given) if language.family_first else (given, family)
    glue = "" if language.joined else " "
    return glue.join(name.written for name in order), (given.latin, family.latin)


def _handle(latin: tuple[str, str], rng: random.Random, taken: set[str]) -> str:
    """A handle as people choose them: the name in some form, with a number where it is taken."""
    given, family = (part.replace("'", "").replace("-", "") for part in latin)
    tail = rng.choice(HANDLE_TAILS)
    forms = [
        f"{given}{tail}",
        f"{given}.{family}",
        f"{given}_{family}",
        f"{given[0]}{family}",
        f"{family}.{given}",
    ]
    rng.shuffle(forms)
    for form in forms:
        if len(form) >= 3 and form not in taken:
            return form
    while (form := f"{given}{family}{rng.randint(2, 9999)}") in taken:
        pass
    return form
