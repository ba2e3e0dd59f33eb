"""Pictures that come out of a field: flow lines, strange attractors, warped noise, terrain maps."""

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageFilter

from feed.demo.art.canvas import Size, finished, grid, lay, noise, softened
from feed.demo.art.landscapes import one_of
from feed.demo.art.palettes import LANDS, RAMPS, SETS, Floats, rgb, through


def flow(rng: Generator, size: Size) -> Image.Image:
    """Thousands of threads carried by a smooth wind, each in one colour of the set."""
    width, height = size
    colours = one_of(rng, SETS)
    angle = noise(rng, size, float(rng.uniform(0.8, 1.6)), octaves=2) * float(rng.uniform(2.0, 4.2)) * np.pi
    step_x, step_y = np.cos(angle) * 1.6, np.sin(angle) * 1.6
    threads, steps = 3600, 240
    x = rng.uniform(-0.05 * width, 1.05 * width, threads).astype(np.float32)
    y = rng.uniform(-0.05 * height, 1.05 * height, threads).astype(np.float32)
    groups = noise(rng, size, 2.5, octaves=1)
    seat = groups[np.clip(y, 0, height - 1).astype(np.int32), np.clip(x, 0, width - 1).astype(np.int32)]
    kind = 1 + (np.clip(seat + rng.normal(0, 0.12, threads), 0, 0.999) * (len(colours) - 1)).astype(np.int32)
    tones = np.array([rgb(colour) for colour in colours], dtype=np.float32)[kind]
    places = np.empty((steps, threads), dtype=np.int32)
    for step in range(steps):
        column, row = x.astype(np.int32), y.astype(np.int32)
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        flat = np.where(inside, row * width + column, 0)
        places[step] = np.where(inside, flat, width * height)
        x += step_x.ravel()[flat]
        y += step_y.ravel()[flat]
    return threaded(rng, size, colours[0], places, tones)


def threaded(
    rng: Generator,
    size: Size,
    ground: str,
    places: np.ndarray[tuple[int, int], np.dtype[np.int32]],
    tones: Floats,
) -> Image.Image:
    """Threads laid over the ground: colour is the mean of what passed, cover grows with how often."""
    width, height = size
    cells = width * height + 1
    flat = places.ravel()
    count = np.bincount(flat, minlength=cells)[:-1].astype(np.float32)
    steps = len(places)
    cover = 1 - np.exp(-count * 0.75)
    picture = np.empty((height * width, 3), dtype=np.float32)
    picture[:] = rgb(ground)
    for channel in range(3):
        weights = np.broadcast_to(tones[:, channel], (steps, tones.shape[0])).ravel()
        total = np.bincount(flat, weights=weights, minlength=cells)[:-1].astype(np.float32)
        mean = total / np.maximum(count, 1)
        picture[:, channel] += cover * (mean - picture[:, channel])
    return finished(rng, picture.reshape(height, width, 3), grain=2.5, vignette=0.06).filter(
        ImageFilter.GaussianBlur(0.6)
    )


# Parameters of de Jong's map that fill the plane well; others collapse to a few points.
DE_JONG = (
    (1.641, 1.902, 0.316, 1.525),
    (0.970, -1.899, 1.381, -1.506),
    (1.400, -2.300, 2.400, -2.100),
    (2.010, -2.530, 1.610, -0.330),
    (-2.700, -0.090, -0.860, -2.200),
    (-0.827, -1.637, 1.659, -0.943),
    (-2.240, 0.430, -0.650, -2.430),
    (-2.000, -2.000, -1.200, 2.000),
    (-0.709, 1.638, 0.452, 1.740),
    (2.879, -0.966, -2.912, 0.744),
)


def attractor(rng: Generator, size: Size) -> Image.Image:
    """Density of a strange attractor, glowing on a dark ground."""
    width, height = size
    tries = [
        de_jong(rng, tuple(v + float(rng.uniform(-0.06, 0.06)) for v in one_of(rng, DE_JONG)), 1500, 12)
        for _ in range(4)
    ]
    parameters = max(tries, key=lambda tried: spread(tried[1]))[0]
    _, path = de_jong(rng, parameters, 30_000, 90)
    low, high = np.quantile(path[:2], (0.001, 0.999), axis=(0, 2))
    middle = (low + high) / 2
    scale = min(width / float(high[0] - low[0]), height / float(high[1] - low[1])) * 0.86
    column = (path[:, 0] - middle[0]) * scale + width / 2
    row = (path[:, 1] - middle[1]) * scale + height / 2
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    flat = np.where(inside, row.astype(np.int32) * width + column.astype(np.int32), width * height)
    count = np.bincount(flat.ravel(), minlength=width * height + 1)[:-1].reshape(height, width)
    light = np.log1p(count.astype(np.float32) * 1.4)
    light /= float(np.quantile(light[light > 0], 0.997))
    haze = softened(light, 8)
    picture = through(
        one_of(rng, RAMPS[1:4] + RAMPS[5:6]), 0.02 + np.clip(light * 0.8 + haze * 0.22, 0, 1) * 0.98
    )
    return finished(rng, picture, grain=1.5, vignette=0.2)


def de_jong(
    rng: Generator, parameters: tuple[float, ...], points: int, rounds: int
) -> tuple[tuple[float, ...], Floats]:
    """Points carried through the map, after it has settled. Shape: (rounds, 2, points)."""
    a, b, c, d = parameters
    x = rng.uniform(-1, 1, points).astype(np.float32)
    y = rng.uniform(-1, 1, points).astype(np.float32)
    path = np.empty((rounds, 2, points), dtype=np.float32)
    settle = 8
    for turn in range(rounds + settle):
        x, y = np.sin(a * y) - np.cos(b * x), np.sin(c * x) - np.cos(d * y)
        if turn >= settle:
            path[turn - settle] = x, y
    return parameters, path


def spread(path: Floats) -> int:
    """How many cells of a coarse grid the points visit: thin curves visit few."""
    cells = ((path + 2) * 24).astype(np.int32)
    return len(np.unique(cells[:, 0] * 1000 + cells[:, 1]))


def marble(rng: Generator, size: Size) -> Image.Image:
    """Noise bent by noise bent by noise: endpapers, agate, smoke."""
    width, height = size
    small = (width // 2, height // 2)
    bend_x, bend_y = noise(rng, small, 1.6, octaves=3), noise(rng, small, 1.6, octaves=3)
    base = noise(rng, small, 2.4, octaves=4, gain=0.45)
    x, y = grid(small)
    push = small[0] * float(rng.uniform(0.35, 0.6))
    for _bend in range(2):
        column = np.abs(x + (bend_x - 0.5) * push) % (2 * small[0] - 2)
        row = np.abs(y + (bend_y - 0.5) * push) % (2 * small[1] - 2)
        column = np.minimum(column, 2 * small[0] - 2 - column).astype(np.int32)
        row = np.minimum(row, 2 * small[1] - 2 - row).astype(np.int32)
        base = base[row, column]
    full = np.asarray(Image.fromarray(softened(base, 2)).resize(size, Image.Resampling.BICUBIC))
    veins = full * float(rng.uniform(1.6, 2.8)) % 2.0
    picture = through(one_of(rng, RAMPS), np.minimum(veins, 2.0 - veins))
    slope = np.gradient(full, axis=1) + np.gradient(full, axis=0)
    picture *= (1 + np.clip(slope * 9, -0.22, 0.22))[..., None]
    return finished(rng, picture, grain=2, vignette=0.1)


def terrain(rng: Generator, size: Size) -> Image.Image:
    """A map of an island that does not exist: depths, heights, shaded hills, contour lines."""
    width, height = size
    water, land = one_of(rng, LANDS)
    x, y = grid(size)
    high = noise(rng, size, float(rng.uniform(1.4, 2.6)), octaves=7, gain=0.44)
    away = np.hypot((x / width - 0.5) * 1.7, (y / height - 0.5) * 1.7)
    high = np.maximum(high - 0.28 * away**2, 0).astype(np.float32)
    shore = float(np.quantile(high, float(rng.uniform(0.4, 0.55))))
    above = np.clip((high - shore) / (float(high.max()) - shore), 0, 1)
    picture = through(water, np.clip(high / shore, 0, 1) ** 2.2)
    # A band of paler water along every coast, as printed maps have it.
    lay(picture, np.clip(1 - (shore - high) / 0.02, 0, 1) * 0.35, np.array((235, 246, 242), dtype=np.float32))
    lay(picture, np.clip((high - shore) * 400, 0, 1), through(land, above**0.85))
    light = np.gradient(high, axis=1) + np.gradient(high, axis=0)
    picture *= (1 + np.clip(light * 60, -0.42, 0.34) * np.clip((high - shore) * 60, 0.0, 1))[..., None]
    level = high * np.float32(30)
    slope = np.hypot(np.gradient(level, axis=0), np.gradient(level, axis=1)) + 1e-4
    line = np.clip(1.1 - np.abs(level - np.round(level)) / slope, 0, 1)
    lay(picture, (line * 0.28).astype(np.float32), np.array((60, 48, 40), dtype=np.float32))
    return finished(rng, picture, grain=1.5, vignette=0.08)
