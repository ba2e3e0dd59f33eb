"""Recipes of pictures: what the plan holds instead of pixels, and how a recipe becomes a file."""

import io
import random
from dataclasses import dataclass

from PIL import Image

from feed.demo import photos
from feed.demo.art import GENERATORS, picture_of

PHOTO_SHARE = 0.24
SHAPES = ((1200, 900), (1080, 1080), (960, 1200), (1200, 800))
JPEG_QUALITY = 95
# How often each generator is asked for: views of the world please for longer than ornament.
WEIGHTS = {
    "ridges": 3,
    "sea": 2,
    "aurora": 2,
    "city": 2,
    "birds": 2,
    "tree": 2,
    "flow": 2,
    "terrain": 2,
    "papercut": 1.5,
}
# Photos, those that look best with any text more often.
FAVOURITES = (*photos.PHOTOS, "chelsea", "coffee", "flower", "china", "china", "rocket", "hubble")
ALTS = {
    "mountains": "Ridges behind ridges at dusk, spruces in front",
    "sea": "A low sun over calm water",
    "aurora": "Curtains of northern light above a dark forest",
    "desert": "Sand dunes in low light",
    "city": "Houses with lit windows against the evening sky",
    "birds": "A flock of birds crossing the sun above reeds",
    "tree": "A single tree on a rise, the sun behind it",
    "flower": "A flower head with its seeds in spirals",
    "plant": "Fern fronds on paper",
    "moon": "The phases of the moon",
    "space": "Stars, gas and light far away",
    "map": "A map of an island that does not exist",
    "art": "An abstract picture made by a program",
    "pattern": "A pattern of coloured tiles",
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """A picture before it is painted: a generator or a photo, and the seed that decides the rest."""

    source: str
    is_photo: bool
    seed: int
    shape: tuple[int, int]

    @property
    def subject(self) -> str:
        return photos.PHOTOS[self.source].subject if self.is_photo else GENERATORS[self.source][1]

    @property
    def alt(self) -> str:
        return photos.PHOTOS[self.source].alt if self.is_photo else ALTS[self.subject]


def recipes_of(count: int, seed: int, *, with_photos: bool) -> list[Recipe]:
    """Distinct recipes, so mixed that neighbours differ."""
    rng = random.Random(f"{seed} pictures")
    generators = list(GENERATORS)
    weights = [WEIGHTS.get(name, 1) for name in generators]
    recipes: list[Recipe] = []
    recent: list[str] = []
    while len(recipes) < count:
        is_photo = with_photos and rng.random() < PHOTO_SHARE
        source = rng.choice(FAVOURITES) if is_photo else rng.choices(generators, weights)[0]
        if source in recent:
            continue
        recent = [*recent[-5:], source]
        recipes.append(Recipe(source, is_photo, rng.getrandbits(32), rng.choice(SHAPES)))
    return recipes


def painted(recipe: Recipe) -> Image.Image:
    if recipe.is_photo:
        return photos.photo_of(recipe.source, recipe.seed, recipe.shape)
    return picture_of(recipe.source, recipe.seed, recipe.shape)


def as_file(image: Image.Image) -> io.BytesIO:
    """The image as an upload would bring it."""
    target = io.BytesIO()
    image.save(target, "JPEG", quality=JPEG_QUALITY)
    target.seek(0)
    return target
