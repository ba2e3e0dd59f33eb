"""Photos that ship in scikit-image's and scikit-learn's wheels: crops and tones of them, and whom to thank.

Neither library is imported, only their files are read, so that they can be installed without what they depend on.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps

LARGEST_ENLARGEMENT = 1.7


@dataclass(frozen=True, slots=True)
class Source:
    """A photo's file, what it shows, and its credit as the package that ships it states it.

    `centre` is the point that a crop must keep, in shares of width and height; what has letters is never mirrored.
    """

    package: str
    path: str
    subject: str
    alt: str
    title: str
    credit: str
    licence: str
    centre: tuple[float, float] = (0.5, 0.5)
    has_letters: bool = False


CC_BY_2 = "CC BY 2.0 (https://creativecommons.org/licenses/by/2.0/); cropped and toned here"
PHOTOS: dict[str, Source] = {
    "chelsea": Source("skimage", "data/chelsea.png", "cat", "A ginger cat looking past the camera", "Chelsea the cat", "Stéfan van der Walt", "CC0", (0.55, 0.4)),
    "coffee": Source("skimage", "data/coffee.png", "coffee", "An espresso in a red cup on a wooden table", "Coffee cup", "Rachel Michetti, courtesy of Pikolo Espresso Bar", "CC0", (0.48, 0.5)),
    "astronaut": Source("skimage", "data/astronaut.png", "astronaut", "Astronaut Eileen Collins in her orange suit", "Eileen Collins", "NASA Great Images", "public domain, no known copyright restrictions", (0.44, 0.3), has_letters=True),
    "camera": Source("skimage", "data/camera.png", "street", "A man in a long coat behind a camera on a tripod", "Camera", "Lav Varshney", "CC0", (0.45, 0.35)),
    "brick": Source("skimage", "data/brick.png", "wall", "A brick wall", "Brick wall", "CC0Textures (Bricks25)", "CC0"),
    "coins": Source("skimage", "data/coins.png", "coins", "Rows of ancient coins", "Greek coins from Pompeii", "Brooklyn Museum Collection", "no known copyright restrictions", has_letters=True),
    "hubble": Source("skimage", "data/hubble_deep_field.jpg", "space", "Thousands of galaxies on black", "Hubble eXtreme Deep Field", "NASA, HubbleSite", "public domain"),
    "rocket": Source("skimage", "data/rocket.jpg", "rocket", "A rocket on its pad at dusk", "Launch photo of DSCOVR on Falcon 9", "SpaceX Photos", "public domain", (0.5, 0.55)),
    "china": Source("sklearn", "datasets/images/china.jpg", "temple", "A pagoda above a lake", "china.jpg", "danielbuechele (https://www.flickr.com/photos/danielbuechele/6061409035/)", CC_BY_2, (0.36, 0.4)),
    "flower": Source("sklearn", "datasets/images/flower.jpg", "flower", "An orange dahlia on dark green", "flower.jpg", "vultilion (https://www.flickr.com/photos/vultilion/6056698931/)", CC_BY_2, (0.52, 0.5)),
}  # fmt: skip


@cache
def folder_of(package: str) -> Path | None:
    """Where a package's files lie; found without importing it. None if it is not installed."""
    spec = find_spec(package)
    locations = list(spec.submodule_search_locations or ()) if spec else []
    return Path(locations[0]) if locations else None


def missing_packages() -> list[str]:
    """Packages whose photos can't be read here."""
    return sorted({photo.package for photo in PHOTOS.values() if not file_of(photo)})


def file_of(photo: Source) -> Path | None:
    folder = folder_of(photo.package)
    path = folder / photo.path if folder else None
    return path if path and path.is_file() else None


def photo_of(name: str, seed: int, shape: tuple[int, int]) -> Image.Image:
    """One crop of a photo in one tone, at most 1.7 times enlarged."""
    rng = random.Random(seed)
    path = file_of(PHOTOS[name])
    if path is None:
        raise FileNotFoundError(PHOTOS[name].path)
    with Image.open(path) as original:
        image = original.convert("RGB")
    image = _cropped(image, PHOTOS[name].centre, shape[0] / shape[1], rng)
    if rng.random() < 0.35 and not PHOTOS[name].has_letters:
        image = ImageOps.mirror(image)
    return _toned(image, rng)


def _cropped(
    image: Image.Image, centre: tuple[float, float], aspect: float, rng: random.Random
) -> Image.Image:
    """A window of the wanted shape around what the picture is about."""
    width, height = image.size
    full = (width, width / aspect) if width / height < aspect else (height * aspect, height)
    zoom = rng.uniform(0.72, 1.0)
    wide, tall = full[0] * zoom, full[1] * zoom
    left = min(max(0, centre[0] * width - wide / 2 + rng.uniform(-0.06, 0.06) * width), width - wide)
    top = min(max(0, centre[1] * height - tall / 2 + rng.uniform(-0.06, 0.06) * height), height - tall)
    scale = min(LARGEST_ENLARGEMENT, 1080 / max(wide, tall))
    size = (round(wide * scale), round(tall * scale))
    return image.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + wide, top + tall))


def _toned(image: Image.Image, rng: random.Random) -> Image.Image:
    grey = ImageOps.grayscale(image)
    tones: dict[str, Callable[[], Image.Image]] = {
        "as it is": lambda: image,
        "warm": lambda: _split(image, (1.08, 1.0, 0.88), lift=4),
        "cool": lambda: _split(image, (0.92, 1.0, 1.1), lift=4),
        "faded": lambda: _split(ImageEnhance.Color(image).enhance(0.7), (0.86, 0.85, 0.84), lift=30),
        "mono": lambda: ImageEnhance.Contrast(grey.convert("RGB")).enhance(1.15),
        "sepia": lambda: ImageOps.colorize(grey, "#1c120c", "#f7ead3", mid="#9a7650"),
        "night": lambda: ImageOps.colorize(grey, "#0a1430", "#f6efe0", mid="#5a7a9e"),
        "vivid": lambda: ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(1.35)).enhance(1.08),
    }
    return tones[rng.choice(list(tones))]()


def _split(image: Image.Image, gains: tuple[float, float, float], lift: int) -> Image.Image:
    """Each channel scaled on its own; blacks lifted, as old prints have them."""
    tables = [[min(255, int(value * gain) + lift) for value in range(256)] for gain in gains]
    return image.point([value for table in tables for value in table])
