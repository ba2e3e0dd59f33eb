"""Avatars: flat portraits, birds, small landscapes and crops of photos; drawn large, then made small."""

import random

import numpy as np
from PIL import Image, ImageDraw

from feed.demo import photos
from feed.demo.art import picture_of
from feed.demo.art.palettes import ramp, rgb

SIZE = 320
LARGE = SIZE * 3
GROUNDS = (
    ("#f6bd60", "#f28482"), ("#84a59d", "#f5ebe0"), ("#5b8e7d", "#f4e285"), ("#3d5a80", "#98c1d9"), ("#cdb4db", "#ffc8dd"),
    ("#e07a5f", "#f2cc8f"), ("#2a9d8f", "#e9c46a"), ("#6d597a", "#e56b6f"), ("#264653", "#7fb7be"), ("#a3b18a", "#dad7cd"),
    ("#8d99ae", "#edf2f4"), ("#b56576", "#eaac8b"),
)  # fmt: skip
SKINS = ("#f6d3bd", "#eab891", "#d19a6f", "#b07a50", "#8a5a3b", "#5f3b28", "#f1c9a5", "#c68863")
HAIRS = ("#1d1a1c", "#3a2a22", "#6b4428", "#a8672f", "#d9a860", "#8c8c90", "#e8e4de", "#7a2e2a", "#2b3a55")
CLOTHES = (
    "#264653",
    "#e76f51",
    "#2a9d8f",
    "#e9c46a",
    "#5f0f40",
    "#f4f1de",
    "#3d405b",
    "#81b29a",
    "#bc4b51",
    "#22333b",
)
PLUMAGES = (
    ("#3a6ea5", "#f4a261", "#f6f1e7"), ("#6b705c", "#cb997e", "#ffe8d6"), ("#2f3e46", "#e76f51", "#cad2c5"),
    ("#b5838d", "#ffcdb2", "#6d6875"), ("#f2c14e", "#f78154", "#fff3d6"), ("#4d908e", "#f9c74f", "#f1faee"),
    ("#22223b", "#c9ada7", "#f2e9e4"), ("#9a031e", "#fb8b24", "#f5e0c3"),
)  # fmt: skip
WOMEN = ("long", "long", "bun", "curls", "scarf", "bob", "bob", "short")
MEN = ("short", "short", "short", "curls", "bald", "cap", "long")
VIEWS = ("ridges", "sea", "papercut", "sunflower", "flow", "glass", "birds", "truchet", "marble", "aurora")
PHOTO_SOURCES = ("chelsea", "flower", "coffee", "china")


def avatar_of(seed: int, *, is_woman: bool, with_photos: bool) -> Image.Image:
    rng = random.Random(seed)
    kind = rng.random()
    if kind < 0.08 and with_photos:
        return photos.photo_of(rng.choice(PHOTO_SOURCES), rng.getrandbits(32), (SIZE, SIZE)).resize(
            (SIZE, SIZE)
        )
    if kind < 0.30:
        return picture_of(rng.choice(VIEWS), rng.getrandbits(32), (2 * SIZE, 2 * SIZE)).resize(
            (SIZE, SIZE), Image.Resampling.BOX
        )
    image = _ground(rng)
    if kind < 0.5:
        _bird(ImageDraw.Draw(image), rng)
    else:
        _portrait(ImageDraw.Draw(image), rng, WOMEN if is_woman else MEN)
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def _ground(rng: random.Random) -> Image.Image:
    """A soft slanting blend of two colours."""
    table = ramp(rng.choice(GROUNDS), 256)
    x = np.arange(LARGE, dtype=np.float32)
    slant = rng.uniform(-0.6, 0.6)
    values = x[:, None] / LARGE * (1 - abs(slant)) + (
        x[None, :] if slant > 0 else x[::-1][None, :]
    ) / LARGE * abs(slant)
    return Image.fromarray(table[(values * 255).astype(np.int32)].astype(np.uint8))


def _oval(
    draw: ImageDraw.ImageDraw, centre: tuple[float, float], axes: tuple[float, float], fill: tuple[int, ...]
) -> None:
    """An ellipse by its centre and half axes, in shares of the picture."""
    (x, y), (wide, tall) = centre, axes
    draw.ellipse(((x - wide) * LARGE, (y - tall) * LARGE, (x + wide) * LARGE, (y + tall) * LARGE), fill=fill)


def _darker(colour: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple(int(value * share) for value in colour)


def _portrait(draw: ImageDraw.ImageDraw, rng: random.Random, styles: tuple[str, ...]) -> None:
    """Shoulders, neck, head, hair, and a face of a few strokes."""
    skin, hair, cloth = rgb(rng.choice(SKINS)), rgb(rng.choice(HAIRS)), rgb(rng.choice(CLOTHES))
    style = rng.choice(styles)
    back = cloth if style == "scarf" else hair
    if style in {"long", "scarf"}:
        _oval(draw, (0.5, 0.52), (0.265, 0.34), _darker(back, 0.85))
    elif style == "bob":
        draw.rounded_rectangle(
            (0.26 * LARGE, 0.26 * LARGE, 0.74 * LARGE, 0.66 * LARGE), 0.14 * LARGE, fill=_darker(back, 0.85)
        )
    elif style == "curls":
        for _curl in range(26):
            _oval(
                draw,
                (0.5 + rng.uniform(-0.23, 0.23), 0.36 + rng.uniform(-0.16, 0.18)),
                (0.08, 0.08),
                _darker(back, rng.uniform(0.8, 1)),
            )
    elif style == "bun":
        _oval(draw, (0.5 + rng.uniform(-0.08, 0.08), 0.16), (0.1, 0.1), hair)
    second = rgb(rng.choice(CLOTHES)) if style == "scarf" else cloth
    _oval(draw, (0.5, 1.06), (0.4, 0.32), second)
    draw.rounded_rectangle(
        (0.43 * LARGE, 0.6 * LARGE, 0.57 * LARGE, 0.84 * LARGE), 0.06 * LARGE, fill=_darker(skin, 0.86)
    )
    _oval(draw, (0.5, 0.47), (0.19, 0.235), skin)
    _fringe(draw, rng, style, back)
    _face(draw, rng, skin, hair, bearded=styles is MEN and rng.random() < 0.45)


def _fringe(draw: ImageDraw.ImageDraw, rng: random.Random, style: str, colour: tuple[int, ...]) -> None:
    if style == "bald":
        return
    box = (0.305 * LARGE, 0.215 * LARGE, 0.695 * LARGE, 0.62 * LARGE)
    low, high = (180, 360) if style in {"cap", "scarf"} else (rng.randint(178, 200), rng.randint(345, 365))
    draw.chord(box, low, high, fill=colour)
    if style == "cap":
        draw.rounded_rectangle(
            (0.27 * LARGE, 0.385 * LARGE, 0.66 * LARGE, 0.43 * LARGE), 0.02 * LARGE, fill=_darker(colour, 0.7)
        )
    elif style == "scarf":
        draw.arc(
            (0.27 * LARGE, 0.2 * LARGE, 0.73 * LARGE, 0.76 * LARGE),
            0,
            360,
            fill=colour,
            width=int(0.06 * LARGE),
        )


def _face(
    draw: ImageDraw.ImageDraw,
    rng: random.Random,
    skin: tuple[int, ...],
    hair: tuple[int, ...],
    *,
    bearded: bool,
) -> None:
    ink = _darker(skin, 0.28)
    if bearded:
        draw.chord(
            (0.315 * LARGE, 0.36 * LARGE, 0.685 * LARGE, 0.725 * LARGE), 15, 165, fill=_darker(hair, 0.95)
        )
    for side in (-1, 1):
        x = 0.5 + side * 0.075
        _oval(draw, (x, 0.475), (0.016, 0.02), ink)
        draw.arc(
            ((x - 0.045) * LARGE, 0.415 * LARGE, (x + 0.045) * LARGE, 0.46 * LARGE),
            200,
            340,
            fill=_darker(hair, 0.75),
            width=9,
        )
        _oval(
            draw,
            (0.5 + side * 0.11, 0.55),
            (0.034, 0.024),
            tuple(min(255, int(v * f)) for v, f in zip(skin, (1.05, 0.86, 0.84), strict=True)),
        )
    draw.arc(
        (0.475 * LARGE, 0.48 * LARGE, 0.525 * LARGE, 0.555 * LARGE),
        20,
        160,
        fill=_darker(skin, 0.72),
        width=9,
    )
    smile = (0.44 * LARGE, 0.54 * LARGE, 0.56 * LARGE, 0.62 * LARGE)
    draw.chord(smile, 10, 170, fill=(250, 246, 240)) if rng.random() < 0.35 else draw.arc(
        smile, 15, 165, fill=ink, width=10
    )
    if rng.random() < 0.3:
        for side in (-1, 1):
            x = 0.5 + side * 0.078
            draw.ellipse(
                ((x - 0.058) * LARGE, 0.42 * LARGE, (x + 0.058) * LARGE, 0.535 * LARGE),
                outline=(40, 36, 40),
                width=9,
            )
        draw.line((0.48 * LARGE, 0.47 * LARGE, 0.52 * LARGE, 0.47 * LARGE), fill=(40, 36, 40), width=9)


def _bird(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    """A round bird on a twig, looking left or right."""
    back, breast, belly = (rgb(colour) for colour in rng.choice(PLUMAGES))
    side = rng.choice((-1, 1))

    def at(x: float, y: float) -> tuple[float, float]:
        return (0.5 + side * x) * LARGE, y * LARGE

    draw.line((0, 0.83 * LARGE, LARGE, 0.79 * LARGE), fill=(74, 58, 50), width=int(0.03 * LARGE))
    draw.polygon([at(-0.2, 0.66), at(-0.44, 0.92), at(-0.34, 0.95), at(-0.08, 0.76)], fill=_darker(back, 0.7))
    _oval(draw, (0.5, 0.58), (0.255, 0.25), back)
    _oval(draw, (0.5 + side * 0.075, 0.625), (0.175, 0.195), belly)
    _oval(draw, (0.5 + side * 0.085, 0.54), (0.16, 0.135), breast)
    _oval(draw, (0.5 + side * 0.09, 0.335), (0.165, 0.155), back)
    _oval(draw, (0.5 + side * 0.14, 0.385), (0.098, 0.078), breast)
    if rng.random() < 0.35:
        draw.polygon([at(0.0, 0.24), at(-0.07, 0.07), at(0.13, 0.19)], fill=back)
    draw.polygon([at(0.24, 0.315), at(0.375, 0.355), at(0.24, 0.39)], fill=(232, 163, 61))
    _oval(draw, (0.5 + side * 0.145, 0.315), (0.031, 0.031), (250, 248, 244))
    _oval(draw, (0.5 + side * 0.15, 0.315), (0.021, 0.021), (24, 22, 26))
    _oval(draw, (0.5 + side * 0.157, 0.308), (0.007, 0.007), (255, 255, 255))
    _oval(draw, (0.5 - side * 0.09, 0.6), (0.17, 0.13), _darker(back, 0.78))
    for leg in (-0.03, 0.07):
        draw.line((*at(leg, 0.81), *at(leg, 0.84)), fill=(120, 84, 60), width=12)
