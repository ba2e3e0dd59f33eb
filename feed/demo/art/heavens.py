"""Above the clouds: the moon's phases, a planet with rings, spiral galaxies."""

import math

import numpy as np
from numpy.random import Generator
from PIL import Image

from feed.demo.art.canvas import Size, finished, glow, grid, lay, noise, sky, softened, stars
from feed.demo.art.landscapes import one_of
from feed.demo.art.palettes import NIGHT_SKIES, RAMPS, Floats, through

Centre = tuple[float, float]


def sphere(radius: int) -> tuple[Floats, Floats, Floats, Floats]:
    """A ball's surface as seen from the front: x, y, z of the normal and its soft-edged cover."""
    size = 2 * radius + 2
    x, y = grid((size, size))
    x, y = (x - np.float32(radius)) / np.float32(radius), (y - np.float32(radius)) / np.float32(radius)
    flat = x**2 + y**2
    z = np.sqrt(np.clip(1 - flat, 0, 1))
    cover = np.clip((1 - np.sqrt(flat)) * radius + 0.5, 0, 1)
    return np.broadcast_to(x, flat.shape), np.broadcast_to(y, flat.shape), z, cover


def face_of_moon(rng: Generator, radius: int) -> Floats:
    """Seas and craters. Shape: (2r+2, 2r+2), 0 to 1."""
    size = (2 * radius + 2, 2 * radius + 2)
    face = 0.86 - 0.3 * np.clip(noise(rng, size, 2.2, octaves=5) * 2.4 - 1.0, 0, 1)
    x, y = grid(size)
    for _crater in range(46):
        cx, cy = rng.uniform(0, size[0], 2)
        wide = radius * 0.02 + radius * 0.11 * float(rng.random()) ** 4
        away = np.hypot(x - cx, y - cy) / wide
        face += 0.1 * np.exp(-((away - 1) ** 2) * 14) - 0.09 * np.exp(-(away**2) * 2)
    return np.asarray(np.clip(face, 0, 1), dtype=np.float32)


def moons(rng: Generator, size: Size) -> Image.Image:
    """One lunation: the phases in a ring or a row, over a night sky."""
    width, height = size
    picture = sky(size, one_of(rng, NIGHT_SKIES))
    stars(rng, picture, 500)
    count = int(rng.choice((8, 12)))
    ring = bool(rng.random() < 0.6)
    radius = int(min(width, height) * (0.072 if ring else 0.058))
    big = int(min(width, height) * 0.17)
    tint = np.array(one_of(rng, ((250, 238, 214), (232, 238, 250), (250, 222, 190))), dtype=np.float32)
    if ring:
        put_moon(rng, picture, (width / 2, height / 2), big, phase=0.5, tint=tint)
    for number in range(count):
        phase = number / count
        turn = 2 * math.pi * phase + math.pi / 2
        far = min(width, height) * 0.37
        centre = (width / 2 + far * math.cos(turn), height / 2 + far * math.sin(turn))
        if not ring:
            across, rows = 4, count // 4
            centre = (width * (0.5 + number % across) / across, height * (0.5 + number // across) / rows)
        put_moon(rng, picture, centre, radius, phase=phase, tint=tint)
    return finished(rng, picture, grain=1.5)


def put_moon(
    rng: Generator, picture: Floats, centre: Centre, radius: int, *, phase: float, tint: Floats
) -> None:
    """A moon lit from the side that its phase (0 new, 0.5 full) tells."""
    x, _, z, cover = sphere(radius)
    angle = 2 * math.pi * phase
    lit = np.clip((x * math.sin(angle) - z * math.cos(angle)) * 3.2 + 0.05, 0, 1)
    light = (0.045 + 0.955 * lit) * face_of_moon(rng, radius) * (0.72 + 0.28 * z)
    if phase == 0.5:
        glow(picture, centre, radius * 1.25, "#fff4dc", 0.28)
    top, left = int(centre[1]) - radius, int(centre[0]) - radius
    part = picture[top : top + cover.shape[0], left : left + cover.shape[1]]
    cover, light = cover[: part.shape[0], : part.shape[1]], light[: part.shape[0], : part.shape[1]]
    # The dark side lets the sky through, as it does for the eye.
    lay(part, cover * (0.35 + 0.65 * np.clip(light * 4, 0, 1)), light[..., None] * tint)


def planet(rng: Generator, size: Size) -> Image.Image:
    """A banded giant with rings and a small moon, in front of thin gas."""
    width, height = size
    picture = sky(size, one_of(rng, NIGHT_SKIES))
    colours = one_of(rng, RAMPS)
    gas = np.clip(noise(rng, size, 2.0, octaves=6, gain=0.55) * 1.9 - 0.85, 0, 1)
    lay(picture, gas * 0.4, through(colours, gas * 0.6 + 0.1))
    stars(rng, picture, 1100)
    radius = int(min(width, height) * float(rng.uniform(0.2, 0.27)))
    centre = (width * float(rng.uniform(0.42, 0.58)), height * float(rng.uniform(0.42, 0.58)))
    tilt = float(rng.uniform(-0.45, 0.45))
    x, y, z, cover = sphere(radius)
    turned = x * math.sin(tilt) + y * math.cos(tilt)
    swirl = noise(rng, (cover.shape[1], cover.shape[0]), 5, octaves=5) - 0.5
    bands = 0.5 + 0.32 * np.sin(turned * 15 + swirl * 1.9) + 0.3 * np.sin(turned * 6.1 + 1) * 0.6
    light = np.clip(x * -0.55 + y * -0.35 + z * 0.78, 0.02, 1) ** 0.8
    body = through(colours[1:], bands.astype(np.float32)) * light[..., None]
    rings(picture, centre, radius, tilt, front=False)
    top, left = int(centre[1]) - radius, int(centre[0]) - radius
    lay(picture[top : top + cover.shape[0], left : left + cover.shape[1]], cover, body)
    rings(picture, centre, radius, tilt, front=True)
    return finished(rng, picture, grain=1.5, vignette=0.2)


def rings(picture: Floats, centre: Centre, radius: int, tilt: float, *, front: bool) -> None:
    """The half of the rings before or behind the ball."""
    x, y = grid((picture.shape[1], picture.shape[0]))
    dx, dy = x - centre[0], y - centre[1]
    along = dx * math.cos(tilt) - dy * math.sin(tilt)
    across = (dx * math.sin(tilt) + dy * math.cos(tilt)) / 0.24
    far = np.hypot(along, across) / radius
    # The same grooves for both halves: they depend on the radius only.
    grooves = 0.55 + 0.25 * np.sin(far * 47) + 0.2 * np.sin(far * 113 + 1.3)
    cover = np.clip((far - 1.35) * 40, 0, 1) * np.clip((2.25 - far) * 40, 0, 1) * np.clip(grooves, 0.05, 1)
    cover *= 1 - 0.85 * np.exp(-(((far - 1.86) / 0.03) ** 2))
    half = across > 0 if front else across <= 0
    lay(picture, (cover * half * 0.8).astype(np.float32), np.array((236, 219, 190), dtype=np.float32))


def galaxy(rng: Generator, size: Size) -> Image.Image:
    """A spiral of stars and dust, seen at a slant."""
    width, height = size
    points = 420_000
    arms = int(rng.integers(2, 5))
    far = (rng.gamma(1.6, 0.2, points) + 0.01).astype(np.float32)
    arm = rng.integers(0, arms, points) * (2 * np.pi / arms)
    wind = float(rng.uniform(2.2, 3.4))
    loose = np.where(rng.random(points) < 0.45, 2.2, 0.34)
    turn = arm + wind * np.log1p(far * 7) + rng.normal(0, 1, points) * loose
    lean, tilt = float(rng.uniform(0.45, 0.9)), float(rng.uniform(0, np.pi))
    flat_x, flat_y = far * np.cos(turn), far * np.sin(turn) * lean
    scale = min(width, height) * 0.5
    x = (width / 2 + scale * (flat_x * math.cos(tilt) - flat_y * math.sin(tilt))).astype(np.int32)
    y = (height / 2 + scale * (flat_x * math.sin(tilt) + flat_y * math.cos(tilt))).astype(np.int32)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    count = np.bincount((y * width + x)[inside], minlength=width * height).reshape(height, width)
    light = count.astype(np.float32)
    soft = np.maximum(softened(light, 8), 0)
    dust = noise(rng, size, 5, octaves=5)
    shine = np.log1p(light * 0.9 + soft * 2.2 * (0.25 + 1.3 * dust)) / math.log(26)
    ground = sky(size, one_of(rng, NIGHT_SKIES)) * 0.55
    picture = (
        ground
        + through(one_of(rng, (RAMPS[0], RAMPS[3], RAMPS[5])), np.clip(shine, 0, 1))
        * np.clip(shine * 1.7, 0, 1)[..., None]
    )
    stars(rng, picture, 700)
    glow(picture, (width / 2, height / 2), min(width, height) * 0.07, "#fff3da", 0.85)
    return finished(rng, picture, grain=1.5, vignette=0.2)
