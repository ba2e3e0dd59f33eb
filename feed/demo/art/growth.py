"""What grows and flies: trees, ferns, sunflowers, flocks."""

import math

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from feed.demo.art.canvas import Size, disc, finished, glow, grid, lay, line_noise, sky
from feed.demo.art.landscapes import mixed, one_of
from feed.demo.art.palettes import DUSK_SKIES, Floats, rgb

Ink = tuple[int, int, int]

LEAVES = (
    ("#f4acb7", "#ffcad4", "#ffe5d9", "#d8728a"),
    ("#e76f51", "#f4a261", "#e9c46a", "#b5432e"),
    ("#606c38", "#8a9a5b", "#a3b18a", "#dde5b6"),
    ("#ffd166", "#f9a03f", "#f8e16c", "#c97b1c"),
    ("#f8f4f0", "#e8dcea", "#cdb4db", "#ffffff"),
)
PAPERS = (
    ("#fdf6ec", "#f3dfc8"),
    ("#eef3ef", "#c9dbd2"),
    ("#fbeee6", "#e9c9c0"),
    ("#1b2a3a", "#41576b"),
    ("#e9eef5", "#b9c8dc"),
)


def enlarged(rng: Generator, size: Size, picture: Floats) -> Image.Image:
    """A ground twice the size, so that what is drawn on it gets smooth edges when it is taken back."""
    return finished(rng, picture).resize((size[0] * 2, size[1] * 2), Image.Resampling.NEAREST)


def tree(rng: Generator, size: Size) -> Image.Image:
    """One tree on a rise; blossom, autumn or summer by chance."""
    width, height = size
    picture = sky(size, one_of(rng, PAPERS))
    sun = (width * float(rng.uniform(0.25, 0.75)), height * float(rng.uniform(0.25, 0.45)))
    disc(
        picture,
        sun,
        height * float(rng.uniform(0.16, 0.24)),
        one_of(rng, ("#f6c177", "#e8927c", "#f7e3af", "#e5a4a4")),
        0.75,
    )
    hill = (height * (0.86 + 0.02 * line_noise(rng, width, 1.5, octaves=3))).astype(np.float32)
    _, y = grid(size)
    leaves = one_of(rng, LEAVES)
    lay(picture, np.clip(y - hill[None, :], 0, 1), mixed(leaves[3], "#2b2b2b", 0.55))
    image = enlarged(rng, size, picture)
    draw = ImageDraw.Draw(image)
    foot = (width * float(rng.uniform(0.85, 1.15)), float(hill[width // 2]) * 2 + 20)
    tips: list[tuple[float, float]] = []
    branch(rng, draw, foot, tips, turn=-math.pi / 2, length=height * 0.36, thick=height * 0.045)
    inks = [rgb(colour) for colour in leaves]
    for x, tip in tips:
        for _leaf in range(7):
            cx, cy = x + float(rng.normal(0, height * 0.032)), tip + float(rng.normal(0, height * 0.032))
            wide = float(rng.uniform(5, 17))
            draw.ellipse((cx - wide, cy - wide, cx + wide, cy + wide), fill=inks[int(rng.integers(4))])
    for _fallen in range(90):
        cx, cy = float(rng.normal(foot[0], width * 0.35)), float(rng.uniform(foot[1] - 10, height * 2 - 10))
        draw.ellipse((cx - 6, cy - 3, cx + 6, cy + 3), fill=inks[int(rng.integers(4))])
    return image.resize(size, Image.Resampling.BOX)


def branch(
    rng: Generator,
    draw: ImageDraw.ImageDraw,
    start: tuple[float, float],
    tips: list[tuple[float, float]],
    *,
    turn: float,
    length: float,
    thick: float,
) -> None:
    """A branch and, from its end, its own branches: thinner, shorter, turned."""
    end = (start[0] + math.cos(turn) * length, start[1] + math.sin(turn) * length)
    draw.line((*start, *end), fill=(58, 44, 42), width=max(2, int(thick)))
    if thick > 6:
        half = thick * 0.42
        draw.ellipse((end[0] - half, end[1] - half, end[0] + half, end[1] + half), fill=(58, 44, 42))
    if thick < 7:
        tips.append(end)
    if thick < 2.6:
        return
    for side in (-1, 1):
        lean = turn + side * float(rng.uniform(0.2, 0.6))
        longer, thicker = float(rng.uniform(0.66, 0.86)), float(rng.uniform(0.58, 0.72))
        branch(rng, draw, end, tips, turn=lean, length=length * longer, thick=thick * thicker)


def sunflower(rng: Generator, size: Size) -> Image.Image:
    """Seeds at the golden angle: the head of a sunflower, a daisy, a cone."""
    width, height = size
    inner, outer, ground = one_of(
        rng,
        (
            ("#3b2314", "#f6bd27", "#17324a"),
            ("#7a1f3d", "#f7a8b8", "#f7efe5"),
            ("#12355b", "#6fd3e3", "#0b1726"),
            ("#52330f", "#ef7b45", "#f4e9d8"),
            ("#2d5a27", "#dce775", "#1d2b22"),
            ("#4a1942", "#e0aaff", "#191024"),
        ),
    )
    picture = sky(size, (ground, "#" + "".join(f"{min(255, value + 26):02x}" for value in rgb(ground))))
    image = enlarged(rng, size, picture)
    draw = ImageDraw.Draw(image)
    middle = (width * float(rng.uniform(0.85, 1.15)), height * float(rng.uniform(0.9, 1.1)))
    seeds = 1250
    reach = min(width, height) * 0.94
    golden = math.pi * (3 - math.sqrt(5))
    for seed in range(seeds, 0, -1):
        share = seed / seeds
        far = reach * math.sqrt(share) ** 1.12
        x, y = middle[0] + far * math.cos(seed * golden), middle[1] + far * math.sin(seed * golden)
        wide = 8 + 25 * share
        tone = mixed(inner, outer, share**0.8) * float(0.9 + 0.2 * rng.random())
        dark = tuple(int(value * 0.6) for value in tone)
        draw.ellipse((x - wide + 3, y - wide + 5, x + wide + 3, y + wide + 5), fill=dark)
        draw.ellipse(
            (x - wide, y - wide, x + wide, y + wide), fill=tuple(int(min(255, value)) for value in tone)
        )
    return image.resize(size, Image.Resampling.BOX)


def birds(rng: Generator, size: Size) -> Image.Image:
    """A flock crossing a low sun, reeds below."""
    width, height = size
    colours = one_of(rng, DUSK_SKIES)
    picture = sky(size, colours)
    sun = (width * float(rng.uniform(0.3, 0.7)), height * float(rng.uniform(0.45, 0.65)))
    glow(picture, sun, width * 0.22, "#ffe8c4", 0.6)
    disc(
        picture,
        sun,
        height * float(rng.uniform(0.12, 0.2)),
        one_of(rng, ("#fff3dc", "#ffd9a0", "#f9b48b")),
        0.95,
    )
    image = enlarged(rng, size, picture)
    draw = ImageDraw.Draw(image)
    ink: Ink = (26, 22, 34)
    heading = float(rng.uniform(-0.25, 0.25))
    for _bird in range(int(rng.integers(26, 60))):
        away = float(rng.random()) ** 1.6
        centre = (width * float(rng.uniform(0.15, 1.85)), height * (0.25 + 0.9 * float(rng.beta(2, 3))))
        bird(
            draw,
            centre,
            ink,
            span=16 + 105 * away**2,
            heading=heading + float(rng.normal(0, 0.12)),
            beat=float(rng.uniform(-0.75, 0.75)),
        )
    for _reed in range(120):
        x = float(rng.uniform(0, width * 2))
        tall = height * float(rng.uniform(0.12, 0.42)) * (0.4 + 0.6 * abs(math.sin(x / 300)))
        tip = x + float(rng.normal(16, 22))
        draw.line(
            (x, height * 2, (x + tip) / 2, height * 2 - tall * 0.6, tip, height * 2 - tall), fill=ink, width=4
        )
        if rng.random() < 0.22:
            draw.ellipse((tip - 7, height * 2 - tall - 46, tip + 7, height * 2 - tall + 8), fill=ink)
    return image.resize(size, Image.Resampling.BOX)


def bird(
    draw: ImageDraw.ImageDraw,
    centre: tuple[float, float],
    ink: Ink,
    *,
    span: float,
    heading: float,
    beat: float,
) -> None:
    """Two bent wings and a body; `beat` lifts or lowers the wings."""
    cos, sin = math.cos(heading), math.sin(heading)

    def at(x: float, y: float) -> tuple[float, float]:
        return centre[0] + span * (x * cos - y * sin), centre[1] + span * (x * sin + y * cos)

    lift = -0.28 * (beat + 0.5)
    for side in (-1, 1):
        wing = [
            (0, -0.05),
            (side * 0.32, lift - 0.14),
            (side * 0.62, lift * 0.6),
            (side * 1.0, lift * 0.2 + 0.1),
        ]
        back = [(side * 0.6, lift * 0.6 + 0.13), (side * 0.3, lift + 0.04), (0, 0.1)]
        draw.polygon([at(x, y) for x, y in wing + back], fill=ink)
    draw.polygon(
        [at(x, y) for x, y in ((-0.05, -0.16), (0.05, -0.16), (0.07, 0.12), (0, 0.3), (-0.07, 0.12))],
        fill=ink,
    )
    head, wide = at(0, -0.18), span * 0.065
    draw.ellipse((head[0] - wide, head[1] - wide, head[0] + wide, head[1] + wide), fill=ink)


def fern(rng: Generator, size: Size) -> Image.Image:
    """Fronds on paper, like a pressed plant."""
    width, height = size
    image = enlarged(rng, size, sky(size, one_of(rng, PAPERS)))
    draw = ImageDraw.Draw(image)
    inks = [
        rgb(colour)
        for colour in one_of(
            rng,
            (
                ("#2f5d3a", "#47784f", "#6b9a62"),
                ("#5a4a2f", "#8a6f3c", "#b08d4f"),
                ("#234e52", "#2f7069", "#58948a"),
            ),
        )
    ]
    fronds = int(rng.integers(3, 6))
    for number in range(fronds):
        root = (width * (0.75 + 0.5 * number / fronds) + float(rng.normal(0, 30)), height * 1.93)
        turn = -math.pi / 2 + (number - (fronds - 1) / 2) * 0.36 + float(rng.normal(0, 0.05))
        frond(
            draw,
            root,
            inks[number % 3],
            turn=turn,
            length=height * float(rng.uniform(1.25, 1.75)),
            bend=float(rng.normal(0, 0.35)),
        )
    return image.resize(size, Image.Resampling.BOX)


def frond(
    draw: ImageDraw.ImageDraw, root: tuple[float, float], ink: Ink, *, turn: float, length: float, bend: float
) -> None:
    """A stem with pairs of leaflets that grow, then taper."""
    steps = 46
    x, y = root
    for step in range(steps):
        share = step / steps
        turn += bend / steps * (0.4 + 1.6 * share)
        to = (x + math.cos(turn) * length / steps, y + math.sin(turn) * length / steps)
        draw.line((x, y, *to), fill=ink, width=max(2, int(10 * (1 - share))))
        x, y = to
        if step < 6:
            continue
        reach = length * 0.27 * math.sin(math.pi * (0.12 + 0.88 * share) ** 0.75) ** 0.8
        for side in (-1, 1):
            lean = turn + side * (1.15 - 0.35 * share)
            tip = (x + math.cos(lean) * reach, y + math.sin(lean) * reach)
            wide = reach * 0.1 + 2
            across = (math.cos(turn) * wide, math.sin(turn) * wide)
            middle = (x + (tip[0] - x) * 0.45, y + (tip[1] - y) * 0.45)
            draw.polygon(
                [
                    (x, y),
                    (middle[0] + across[0], middle[1] + across[1]),
                    tip,
                    (middle[0] - across[0] * 0.6, middle[1] - across[1] * 0.6),
                ],
                fill=ink,
            )
