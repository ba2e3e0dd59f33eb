"""Land and water under a sky: ridges at dusk, a sea at sunset, an aurora, dunes, a city by night."""

import math
from typing import TypeVar

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from feed.demo.art.canvas import Size, disc, finished, glow, grid, lay, line_noise, noise, sky, stars
from feed.demo.art.palettes import DUSK_SKIES, NIGHT_SKIES, Floats, ramp, rgb

T = TypeVar("T")


def one_of(rng: Generator, choices: tuple[T, ...]) -> T:
    return choices[int(rng.integers(len(choices)))]


def mixed(first: str, second: str, share: float) -> Floats:
    return (
        np.array(rgb(first), dtype=np.float32) * (1 - share) + np.array(rgb(second), dtype=np.float32) * share
    )


def ridges(rng: Generator, size: Size) -> Image.Image:
    """Mountain ridges behind each other, paler with distance, mist in the valleys, spruces in front."""
    width, height = size
    colours = one_of(rng, DUSK_SKIES)
    picture = sky(size, colours, horizon=0.72)
    sun = (width * float(rng.uniform(0.2, 0.8)), height * float(rng.uniform(0.26, 0.42)))
    glow(picture, sun, width * 0.2, "#fff1d0", 0.55)
    disc(picture, sun, width * float(rng.uniform(0.025, 0.05)), "#fff6e2", 0.95)
    layers = int(rng.integers(6, 9))
    _, y = grid(size)
    near = mixed(colours[0], "#05070d", 0.45)
    far = mixed(colours[-1], colours[2], 0.45)
    profile = np.zeros(width, dtype=np.float32)
    for layer in range(layers):
        depth = layer / (layers - 1)
        base = height * (0.42 + 0.5 * depth**1.15)
        rough = line_noise(rng, width, 2.2 + 2.2 * depth, octaves=7, gain=0.48)
        profile = (base - height * (0.13 - 0.05 * depth) * (1 - np.abs(rough)) - height * 0.02).astype(
            np.float32
        )
        top = max(0, int(profile.min()) - 1)
        part, rows = picture[top:], y[top:]
        cover = np.clip(rows - profile[None, :], 0, 1)
        mist = np.clip((rows - profile[None, :]) / (height * 0.22), 0, 1)[..., None] * (0.5 * (1 - depth))
        colour = far * (1 - depth**0.8) + near * depth**0.8
        haze = mixed(colours[-1], colours[3], 0.4)
        lay(part, cover, colour * (1 - mist) + haze * mist)
    image = finished(rng, picture)
    spruces(rng, image, profile, tuple(int(value * 0.6) for value in near))
    return image


def spruces(rng: Generator, image: Image.Image, ground: Floats, colour: tuple[int, ...]) -> None:
    """Silhouettes of spruces along the ground line, in groups."""
    draw = ImageDraw.Draw(image)
    width, height = image.size
    density = np.clip(line_noise(rng, width, 4, octaves=3) + 0.15, 0, 1)
    for x in range(0, width, 5):
        if rng.random() > density[x] * 1.6:
            continue
        foot = float(ground[x]) + height * 0.012
        tall = height * float(rng.uniform(0.025, 0.085)) * (0.5 + float(density[x]))
        for tier in range(6):
            y = foot - tall * tier / 6.5
            half = tall * 0.22 * (1 - tier / 6.5)
            draw.polygon([(x - half, y), (x + half, y), (x, y - tall * 0.32)], fill=colour)
        draw.rectangle((x - 1, foot - tall * 0.1, x + 1, foot + 4), fill=colour)


def sea(rng: Generator, size: Size) -> Image.Image:
    """A low sun over water, its light broken into a path of glitter."""
    width, height = size
    colours = one_of(rng, DUSK_SKIES)
    horizon = int(height * float(rng.uniform(0.46, 0.58)))
    picture = sky(size, colours, horizon=horizon / height)
    sun = (width * float(rng.uniform(0.3, 0.7)), horizon - height * float(rng.uniform(0.02, 0.14)))
    # Narrow noise drawn out sideways: banks of cloud that lie flat.
    wide = noise(rng, (width // 6, height), 1.0, octaves=5, gain=0.55)
    clouds = np.asarray(Image.fromarray(wide).resize(size, Image.Resampling.BICUBIC))
    _, y = grid(size)
    band = np.clip(clouds * 2.6 - 1.25, 0, 1) * np.clip(1.05 - y / horizon, 0, 1) ** 0.5
    glow(picture, sun, width * 0.22, "#ffe9c0", 0.6)
    lay(picture, (band * 0.5).astype(np.float32), mixed(colours[3], colours[1], 0.35))
    mirror = picture[:horizon][::-1][: height - horizon].copy()
    disc(picture[:horizon], sun, width * 0.045, "#fff4dc")
    picture[horizon : horizon + len(mirror)] = mirror * 0.72 + mixed(colours[0], colours[1], 0.3) * 0.28
    picture[horizon + len(mirror) :] = picture[horizon + len(mirror) - 1]
    waves(rng, picture, horizon, sun[0])
    return finished(rng, picture, vignette=0.18)


def waves(rng: Generator, picture: Floats, horizon: int, sun_x: float) -> None:
    """Ripples that grow towards the viewer, bright on the sun's path."""
    height, width = picture.shape[:2]
    rows = height - horizon
    narrow = noise(rng, (width // 7, rows * 2), 5, octaves=5, gain=0.75)
    flat = np.asarray(Image.fromarray(narrow).resize((width, rows * 2), Image.Resampling.BICUBIC))
    depth = np.linspace(0, 1, rows, dtype=np.float32)
    source = np.clip((depth**0.45) * (rows * 2 - 1), 0, rows * 2 - 1).astype(np.int32)
    ripple = flat[source] - 0.5
    part = picture[horizon:]
    part *= (1 + ripple * (0.3 + 0.7 * depth[:, None]))[..., None]
    x, _ = grid((width, rows))
    path = np.exp(-(((x - sun_x) / (width * (0.03 + 0.16 * depth[:, None]))) ** 2))
    glitter = np.clip(ripple * 6 - 0.1, 0, 1) * path * (1 - 0.55 * depth[:, None])
    lay(part, glitter, np.array((255, 238, 205), dtype=np.float32))


def aurora(rng: Generator, size: Size) -> Image.Image:
    """Curtains of light over a dark forest, mirrored faintly in the sky's own glow."""
    width, height = size
    picture = sky(size, one_of(rng, NIGHT_SKIES), horizon=0.9)
    stars(rng, picture, 900, below=0.85)
    low, high = one_of(rng, (("#4dffb0", "#7a4dff"), ("#7dffd0", "#ff5fa8"), ("#9dff8a", "#2fa7ff")))
    _, y = grid(size)
    for _curtain in range(int(rng.integers(4, 6))):
        hem = height * (
            float(rng.uniform(0.42, 0.68)) + 0.17 * line_noise(rng, width, 1.3, octaves=3, gain=0.4)
        )
        rays = np.clip(0.7 + 0.3 * line_noise(rng, width, 16, octaves=5, gain=0.72), 0.12, 1.3)
        fade = np.clip(0.4 + 0.9 * line_noise(rng, width, 1.6, octaves=2), 0, 1) ** 1.3
        tall = height * (0.05 + 0.13 * rays * (0.5 + fade))
        above = hem[None, :] - y
        light = np.exp(-np.maximum(above, 0) / tall) * (1 / (1 + np.exp(-above / (height * 0.012))))
        light *= (rays * fade)[None, :] * 0.95
        tone = np.clip(above / (tall * 1.9), 0, 1)[..., None]
        picture += light[..., None] * (np.array(rgb(low)) * (1 - tone) + np.array(rgb(high)) * tone).astype(
            np.float32
        )
    ground = (height * (0.9 + 0.025 * line_noise(rng, width, 3))).astype(np.float32)
    lay(picture, np.clip(y - ground[None, :], 0, 1), np.array((5, 9, 14), dtype=np.float32))
    image = finished(rng, picture)
    spruces(rng, image, ground, (5, 9, 14))
    spruces(rng, image, ground, (4, 7, 11))
    return image


def dunes(rng: Generator, size: Size) -> Image.Image:
    """Crests of sand, lit from one side, with wind ripples on the lit slopes."""
    width, height = size
    colours = one_of(rng, DUSK_SKIES)
    picture = sky(size, colours, horizon=0.45)
    glow(picture, (width * 0.75, height * 0.3), width * 0.25, "#fff0cf", 0.5)
    lit, dark = one_of(
        rng, (("#f0b878", "#7a3f35"), ("#e9c39b", "#5f4350"), ("#f2a65a", "#6b2737"), ("#f3d3a2", "#8a5a44"))
    )
    x, y = grid(size)
    layers = 5
    for layer in range(layers):
        depth = layer / (layers - 1)
        wave = line_noise(rng, width, 1.2 + 0.7 * (1 - depth), octaves=2, gain=0.3)
        crest = (height * (0.4 + 0.42 * depth) + height * (0.05 + 0.07 * depth) * wave).astype(np.float32)
        below = y - crest[None, :]
        slope = np.gradient(crest)
        edge = np.cumsum(np.abs(slope) * 0.2 + 0.2) * float(rng.uniform(0.6, 1.2))
        ripple = np.sin((below * 0.55 + edge[None, :] + 6 * np.sin(x / 90 + layer)) * (1.1 - 0.6 * depth))
        shade = np.clip(0.62 + slope[None, :] * 1.5 - below / (height * (0.25 + 0.35 * depth)), 0, 1)
        shade = np.clip(shade + ripple * 0.035 * (0.4 + depth), 0, 1)[..., None]
        sand = shade * np.array(rgb(lit)) + (1 - shade) * np.array(rgb(dark))
        air = 0.45 * (1 - depth)
        lay(
            picture,
            np.clip(below, 0, 1),
            (sand * (1 - air) + np.array(rgb(colours[-1])) * air).astype(np.float32),
        )
    return finished(rng, picture, grain=3)


def city(rng: Generator, size: Size) -> Image.Image:
    """Blocks of houses against the last light, some windows lit."""
    width, height = size
    colours = one_of(rng, DUSK_SKIES)
    picture = sky(size, colours, horizon=0.85)
    moon = (width * float(rng.uniform(0.15, 0.85)), height * float(rng.uniform(0.12, 0.3)))
    glow(picture, moon, width * 0.1, "#fff6e0", 0.4)
    disc(picture, moon, width * 0.035, "#fffaf0", 0.95)
    stars(rng, picture, 120, below=0.35)
    image = finished(rng, picture)
    draw = ImageDraw.Draw(image)
    tones = ramp((colours[3], colours[1], "#0a0d18"), 5)
    for layer, tone in enumerate(tones[1:]):
        x = -int(rng.integers(0, 40))
        while x < width:
            wide = int(rng.integers(width // 26, width // 11))
            tall = height * (0.3 + 0.13 * (3 - layer) - 0.05 * layer) * float(rng.uniform(0.45, 1.0))
            house(
                rng,
                draw,
                (x, int(height - tall), x + wide, height),
                tuple(int(v) for v in tone),
                lights=layer > 0,
            )
            x += wide + int(rng.integers(0, 6))
    return image


def house(
    rng: Generator,
    draw: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    colour: tuple[int, ...],
    *,
    lights: bool,
) -> None:
    left, top, right, bottom = box
    draw.rectangle(box, fill=colour)
    roof = int(rng.integers(0, 4))
    middle = (left + right) / 2
    if roof == 1:
        draw.polygon([(left, top), (right, top), (middle, top - (right - left) * 0.4)], fill=colour)
    elif roof == 2:
        draw.rectangle((middle - 1, top - (right - left) * 0.7, middle + 1, top), fill=colour)
    elif roof == 3:
        draw.rectangle((left + 6, top - 12, (left + right) // 2, top), fill=colour)
    if not lights:
        return
    share = float(rng.uniform(0.12, 0.5))
    warm = ((255, 214, 140), (255, 190, 110), (255, 236, 190), (190, 220, 255))
    for row in range(top + 10, bottom - 8, 17):
        for column in range(left + 7, right - 9, 13):
            if rng.random() < share:
                draw.rectangle(
                    (column, row, column + 5, row + 8), fill=warm[int(math.sqrt(rng.random()) * -4) % 4]
                )
