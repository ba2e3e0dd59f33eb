"""Colours chosen by hand: skies run from the zenith to the horizon, sets from the ground colour to the accents."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Colours = Sequence[str]
Floats = NDArray[np.float32]

DUSK_SKIES: tuple[Colours, ...] = (
    ("#0b1d3a", "#2b3a67", "#6d597a", "#e56b6f", "#f3b98f"),
    ("#10243e", "#2f5d7c", "#7fa9a3", "#f2d0a4", "#f7b267"),
    ("#1a1423", "#46355a", "#8a5268", "#d4795a", "#f8c46c"),
    ("#1b263b", "#415a77", "#7f95b0", "#c3c8d6", "#eedcd3"),
    ("#241b4b", "#5a2a6b", "#b23a6f", "#f2745f", "#ffd08a"),
    ("#12312f", "#2a5c55", "#78a083", "#e3c887", "#f7e3b0"),
    ("#2b3f66", "#5575a8", "#a3b9d8", "#f1c6cc", "#fbe6d4"),
    ("#3a1c3f", "#6f2f56", "#b5485d", "#ee8c5a", "#fbd786"),
)
NIGHT_SKIES: tuple[Colours, ...] = (
    ("#050a18", "#0a1631", "#12284b", "#1f4260"),
    ("#0a0718", "#171133", "#2a1f52", "#4a3570"),
    ("#04100f", "#08211f", "#103a38", "#1f5a52"),
    ("#0b0d17", "#161a2e", "#2b2f4a", "#514b68"),
)
SETS: tuple[Colours, ...] = (
    ("#f4ead5", "#e4572e", "#17bebb", "#ffc914", "#2e282a", "#76b041"),
    ("#10131f", "#ff6b6b", "#feca57", "#48dbfb", "#c8d6e5", "#5f27cd"),
    ("#f6f1eb", "#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51"),
    ("#0f1b2d", "#3d5a80", "#98c1d9", "#e0fbfc", "#ee6c4d", "#f2cc8f"),
    ("#fbf3e4", "#5f0f40", "#9a031e", "#fb8b24", "#e36414", "#0f4c5c"),
    ("#14110f", "#d9c5b2", "#f3f3f4", "#7e7f83", "#c1440e", "#e6b89c"),
    ("#eef4ed", "#134074", "#13315c", "#8da9c4", "#d9a679", "#0b2545"),
    ("#1d1128", "#f72585", "#b5179e", "#7209b7", "#4361ee", "#4cc9f0"),
    ("#f9f5ec", "#606c38", "#283618", "#dda15e", "#bc6c25", "#a3b18a"),
    ("#101d1b", "#2f7f6d", "#8fd3b6", "#f1f7d0", "#f4a259", "#bc4b51"),
    ("#fff6f0", "#6d2e46", "#a26769", "#d5b9b2", "#84a59d", "#f28482"),
    ("#0b132b", "#1c2541", "#3a506b", "#5bc0be", "#f5f0e1", "#ff6f59"),
)
RAMPS: tuple[Colours, ...] = (
    ("#0b0f2b", "#1f3b73", "#3f88c5", "#9fd8df", "#fff4d6", "#f7b05b"),
    ("#1b0b1e", "#5b1647", "#b1224e", "#f0633f", "#fbb45c", "#fff3cf"),
    ("#061a1d", "#0e4749", "#2c8c7c", "#95d5b2", "#f1f7d0", "#f2a65a"),
    ("#0f0a1f", "#3b1c6b", "#7a3fc1", "#d77bd6", "#ffd1dc", "#fff5e4"),
    ("#1a1a1d", "#4e3b31", "#a47551", "#e0b58a", "#f7ead9", "#6f9ea8"),
    ("#07121f", "#16425b", "#2f7390", "#81c3d7", "#d9dcd6", "#e8985e"),
    ("#220f12", "#6b1e2e", "#c44536", "#e9a178", "#f6e7d3", "#4f7a6b"),
)
LANDS: tuple[tuple[Colours, Colours], ...] = (
    (("#16425b", "#2f6690", "#81c3d7"), ("#d9c48f", "#a7b87a", "#6f9a5d", "#8b7a55", "#b59d7c", "#f5f1e8")),
    (("#20475c", "#4c8ea3", "#a8d5d5"), ("#f0e2b6", "#e2bd7a", "#c98a55", "#9c5f45", "#6e4037", "#f2e6d8")),
    (("#0f2f3a", "#1f5a63", "#5fa6a0"), ("#e9e4c8", "#b7c59a", "#7fa37c", "#517a68", "#3a5a57", "#e8efe9")),
    (("#39435c", "#6d7fa3", "#b6c4dd"), ("#efe3dc", "#d9c0b4", "#b79a97", "#8d7886", "#655a75", "#f7f1ee")),
)


def rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def ramp(colours: Colours, steps: int = 1024) -> Floats:
    """Steps of a smooth blend; mixed in linear light, where two colours meet without a grey seam.

    Shape: (steps, 3), 0 to 255.
    """
    stops = (np.array([rgb(colour) for colour in colours], dtype=np.float32) / 255) ** 2.2
    at = np.linspace(0, len(colours) - 1, steps)
    blended = [np.interp(at, np.arange(len(colours)), stops[:, channel]) for channel in range(3)]
    return (np.stack(blended, axis=1).astype(np.float32) ** (1 / 2.2)) * 255


def through(colours: Colours, values: Floats) -> Floats:
    """Each value (0 to 1) as a colour of the ramp. Shape: values.shape + (3,)."""
    table = ramp(colours)
    index = (np.clip(values, 0, 1) * (len(table) - 1)).astype(np.int32)
    return np.asarray(np.take(table, index, axis=0))
