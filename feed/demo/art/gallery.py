"""Which generators there are, and what each picture shows, so that a caption can fit."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import Image

from feed.demo.art import fields, growth, heavens, landscapes, patterns
from feed.demo.art.canvas import Size

Painter = Callable[[Generator, Size], Image.Image]

# Generator -> subject (captions are written per subject).
GENERATORS: dict[str, tuple[Painter, str]] = {
    "ridges": (landscapes.ridges, "mountains"),
    "sea": (landscapes.sea, "sea"),
    "aurora": (landscapes.aurora, "aurora"),
    "dunes": (landscapes.dunes, "desert"),
    "city": (landscapes.city, "city"),
    "birds": (growth.birds, "birds"),
    "tree": (growth.tree, "tree"),
    "sunflower": (growth.sunflower, "flower"),
    "fern": (growth.fern, "plant"),
    "moons": (heavens.moons, "moon"),
    "planet": (heavens.planet, "space"),
    "galaxy": (heavens.galaxy, "space"),
    "terrain": (fields.terrain, "map"),
    "flow": (fields.flow, "art"),
    "attractor": (fields.attractor, "art"),
    "marble": (fields.marble, "art"),
    "truchet": (patterns.truchet, "pattern"),
    "glass": (patterns.glass, "pattern"),
    "papercut": (patterns.papercut, "art"),
}


def picture_of(generator: str, seed: int, size: Size) -> Image.Image:
    painter, _ = GENERATORS[generator]
    return painter(np.random.default_rng(seed), size)
