"""Ornament: Truchet tiles, Voronoi glass, paper-cut rings."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from feed.demo.art.canvas import Size, finished, grid, noise, softened
from feed.demo.art.landscapes import one_of
from feed.demo.art.palettes import SETS, Colours, Floats, rgb, through


def truchet(rng: Generator, size: Size) -> Image.Image:
    """Square tiles with two quarter rings each, turned at random: the bands always meet."""
    width, height = size
    colours = one_of(rng, SETS)
    tile = width / int(rng.integers(5, 10))
    x, y = grid(size)
    column, row = (x // tile).astype(np.int32), (y // tile).astype(np.int32)
    turns = rng.random((int(height // tile) + 2, int(width // tile) + 2)) < 0.5
    u, v = x / tile % 1, np.broadcast_to(y / tile % 1, (height, width))
    u = np.where(turns[row, column], u, 1 - u)
    first = np.hypot(u, v)
    distance = np.where(first < 1, first, 2.0)
    second = np.hypot(1 - u, 1 - v)
    # Where the two rings cross, the one on top has a gap around it, like a woven band.
    over = rng.random(turns.shape) < 0.5
    distance = np.where(
        over[row, column], np.where(first < 1, first, second), np.where(second < 1, second, first)
    )
    return banded(rng, size, colours, distance.astype(np.float32), tile)


def banded(rng: Generator, size: Size, colours: Colours, distance: Floats, tile: float) -> Image.Image:
    """Bands of colour around the middle of the ring, each edge one pixel soft."""
    palette = [np.array(rgb(colour), dtype=np.float32) for colour in colours]
    off = np.abs(distance - 0.5)
    picture = np.empty((*distance.shape, 3), dtype=np.float32)
    picture[:] = palette[0]
    order = rng.permutation(len(palette) - 1)[:4] + 1
    for share, which in zip((0.40, 0.31, 0.22, 0.11), order, strict=True):
        cover = np.clip((share - off) * tile + 0.5, 0, 1)[..., None]
        picture += cover * (palette[which] - picture)
    light = noise(rng, size, 1.2, octaves=2)
    picture *= (0.9 + 0.16 * light)[..., None]
    return finished(rng, picture, grain=2.5, vignette=0.1)


def glass(rng: Generator, size: Size) -> Image.Image:
    """Voronoi cells as leaded glass, lit from behind."""
    width, height = size
    pane = width / float(rng.uniform(9, 15))
    x, y = grid(size)
    across, down = int(width / pane) + 4, int(height / pane) + 4
    seat_x = rng.uniform(0.08, 0.92, (down, across)).astype(np.float32)
    seat_y = rng.uniform(0.08, 0.92, (down, across)).astype(np.float32)
    u, v = x / pane + 1, y / pane + 1
    column, row = u.astype(np.int32), v.astype(np.int32)
    nearest = np.full((height, width), 9.0, dtype=np.float32)
    second = nearest.copy()
    owner = np.zeros((height, width), dtype=np.int32)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            r, c = row + dy, column + dx
            away = (seat_x[r, c] + c - u) ** 2 + (seat_y[r, c] + r - v) ** 2
            closer = away < nearest
            second = np.minimum(second, np.maximum(nearest, away))
            owner = np.where(closer, r * across + c, owner)
            nearest = np.minimum(nearest, away)
    tints = pane_tints(rng, across * down, across, size)
    picture = tints[owner]
    lead = np.sqrt(second) - np.sqrt(nearest)
    picture *= (0.86 + 0.3 * noise(rng, size, 5, octaves=3))[..., None]
    picture *= (0.78 + 0.3 * np.clip(lead * 2.2, 0, 1))[..., None]
    came = np.clip((0.075 - lead) * pane * 0.55, 0, 1)[..., None]
    picture += came * (np.array((24, 22, 26), dtype=np.float32) - picture)
    return finished(rng, picture, grain=2, vignette=0.3)


def pane_tints(rng: Generator, panes: int, across: int, size: Size) -> Floats:
    """A colour for each pane: a ramp that runs over the window, with strays."""
    colours = one_of(rng, SETS)
    which = np.arange(panes)
    width, height = size
    run = (which % across) / across * float(rng.uniform(-1, 1)) + (which // across) / (panes / across)
    run = (run - run.min()) / max(float(np.ptp(run)), 0.1)
    spread = np.clip(run + rng.normal(0, 0.13 * (width / height), panes), 0, 1).astype(np.float32)
    tints = through(colours[1:], spread)
    return (tints * rng.uniform(0.82, 1.12, (panes, 1)) + 10).astype(np.float32)


def papercut(rng: Generator, size: Size) -> Image.Image:
    """Sheets of coloured paper with wavy holes, one below the other, each with its shadow."""
    width, height = size
    colours = one_of(rng, SETS)
    x, y = grid(size)
    middle = (width * float(rng.uniform(0.35, 0.65)), height * float(rng.uniform(0.35, 0.65)))
    dx, dy = x - middle[0], y - middle[1]
    distance = np.hypot(dx, dy) / (0.62 * max(width, height))
    field = distance + 0.42 * (noise(rng, size, 1.7, octaves=2, gain=0.4) - 0.5)
    sheets = 9
    picture = np.empty((height, width, 3), dtype=np.float32)
    ramped = through(tuple(colours[1:]), np.linspace(0, 1, sheets, dtype=np.float32))
    picture[:] = np.array(rgb(colours[0]), dtype=np.float32)
    for sheet in range(sheets):
        edge = 0.08 + 0.86 * sheet / sheets
        cover = np.clip((field - edge) * 420, 0, 1)
        shadow = softened(cover, width // 75)
        shift = width // 110
        shadow = np.pad(shadow, ((shift, 0), (shift, 0)), mode="edge")[:height, :width]
        picture *= (1 - 0.42 * np.clip(shadow, 0, 1) * (1 - cover))[..., None]
        picture += cover[..., None] * (ramped[sheet] - picture)
    return finished(rng, picture, grain=3.5, vignette=0.08)
