"""What every picture is painted with: smooth noise, masks with soft edges, stars, glow and the last touch."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from feed.demo.art.palettes import Colours, Floats, ramp, rgb

Size = tuple[int, int]


def grid(size: Size) -> tuple[Floats, Floats]:
    """Coordinates of each pixel, as a row and a column that broadcast. Shape: (1, width), (height, 1)."""
    width, height = size
    return (
        np.arange(width, dtype=np.float32)[None, :],
        np.arange(height, dtype=np.float32)[:, None],
    )


def noise(rng: Generator, size: Size, cells: float, *, octaves: int = 4, gain: float = 0.5) -> Floats:
    """Fractal value noise: random grids, each twice as fine, enlarged smoothly. Shape: (height, width), 0 to 1."""
    width, height = size
    total = np.zeros((height, width), dtype=np.float32)
    for octave in range(octaves):
        across = max(1.0, cells * 2**octave)
        down = max(1.0, across * height / width)
        knots = rng.random((int(down) + 4, int(across) + 4), dtype=np.float32)
        box = (1.0, 1.0, 1.0 + across, 1.0 + down)
        layer = Image.fromarray(knots).resize(size, Image.Resampling.BICUBIC, box=box)
        total += gain**octave * np.asarray(layer)
    low, high = float(total.min()), float(total.max())
    return (total - low) / (high - low)


def softened(values: Floats, shrink: int) -> Floats:
    """The same field without detail finer than `shrink` pixels; cheaper than a wide Gaussian."""
    height, width = values.shape
    small = Image.fromarray(values).resize((width // shrink, height // shrink), Image.Resampling.BOX)
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))


def line_noise(rng: Generator, width: int, cells: float, *, octaves: int = 6, gain: float = 0.5) -> Floats:
    """Fractal noise along a line. Shape: (width,), about -1 to 1."""
    total = np.zeros(width, dtype=np.float32)
    for octave in range(octaves):
        count = max(2, int(cells * 2**octave))
        knots = rng.uniform(-1, 1, count + 2)
        at = np.linspace(0, count, width) + float(rng.random())
        left = at.astype(np.int32)
        part = at - left
        ease = part * part * (3 - 2 * part)
        total += gain**octave * (knots[left] * (1 - ease) + knots[np.minimum(left + 1, count + 1)] * ease)
    return total


def sky(size: Size, colours: Colours, *, horizon: float = 1.0) -> Floats:
    """A vertical blend that reaches its last colour at `horizon` (share of the height). Shape: (h, w, 3)."""
    width, height = size
    table = ramp(colours, max(2, int(height * horizon)))
    rows = np.minimum(np.arange(height), len(table) - 1)
    return np.repeat(table[rows][:, None, :], width, axis=1)


def glow(picture: Floats, centre: tuple[float, float], radius: float, colour: str, strength: float) -> None:
    """Light added around a point, fading softly."""
    height, width = picture.shape[:2]
    x, y = grid((width, height))
    distance = np.hypot(x - centre[0], y - centre[1])
    light = strength / (1 + (distance / radius) ** 2) ** 1.5
    for channel, value in enumerate(rgb(colour)):
        layer = picture[..., channel]
        layer += light * (value - layer)


def disc(
    picture: Floats, centre: tuple[float, float], radius: float, colour: str, opacity: float = 1
) -> None:
    x, y = grid((picture.shape[1], picture.shape[0]))
    cover = np.clip(radius - np.hypot(x - centre[0], y - centre[1]) + 0.5, 0, 1) * opacity
    lay(picture, cover, np.array(rgb(colour), dtype=np.float32))


def lay(picture: Floats, cover: Floats, colour: Floats) -> None:
    """Paint over the picture where cover (0 to 1) says so; colour is one colour or a picture."""
    picture += cover[..., None] * (colour - picture)


def stars(rng: Generator, picture: Floats, count: int, *, below: float = 1.0) -> None:
    """Small stars of uneven brightness, some bluish, some warm; `below` is the share of the height they reach."""
    height, width = picture.shape[:2]
    x = rng.integers(1, width - 1, count)
    y = (rng.random(count) * (height - 2) * below).astype(np.int32) + 1
    light = (rng.random(count).astype(np.float32) ** 5 * 230 + 25)[:, None]
    tint = rng.uniform(0.8, 1.0, (count, 3)).astype(np.float32)
    for dx, dy, share in ((0, 0, 1.0), (1, 0, 0.4), (-1, 0, 0.4), (0, 1, 0.4), (0, -1, 0.4)):
        row, column = np.clip(y + dy, 0, height - 1), np.clip(x + dx, 0, width - 1)
        picture[row, column] += light * tint * share


def finished(rng: Generator, picture: Floats, *, grain: float = 2.0, vignette: float = 0.12) -> Image.Image:
    """The picture with a breath of film grain and darker corners."""
    height, width = picture.shape[:2]
    x, y = grid((width, height))
    edge = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) * 2
    tile = rng.standard_normal((256, 256), dtype=np.float32) * grain
    speckle = np.tile(tile, (height // 256 + 1, width // 256 + 1))[:height, :width]
    toned = picture * (1 - vignette * edge)[..., None] + speckle[..., None]
    return Image.fromarray(np.clip(toned, 0, 255).astype(np.uint8))
