"""The outcome as a picture. matplotlib comes with requirements-dev.txt and is asked for only here."""

from pathlib import Path
from typing import Any

from feed.simulation.outcome import Outcome

try:
    from matplotlib.figure import Figure
except ModuleNotFoundError as missing:
    if missing.name != "matplotlib":
        raise
    can_plot = False
else:
    can_plot = True

FORMATS = (".png", ".svg", ".pdf")

_BLUE, _ORANGE, _GREY = "#2b6cb0", "#dd8a2c", "#8a8f98"


def plot(outcome: Outcome, path: Path) -> None:
    """Three panels, one bar a policy: the bill, the pulls of a read, the inbox. The suffix of the path is the format.

    Raises: OSError.
    """
    names = list(outcome.bills)
    bills = list(outcome.bills.values())
    figure = Figure(figsize=(15, 5), layout="constrained")
    cost, pulls, inbox = figure.subplots(1, 3)
    micro = [bill.usd * 1e6 for bill in bills]
    bars = cost.barh(names, micro, color=_BLUE)
    ratios = [outcome.over_optimum(name) for name in names]
    cost.bar_label(bars, ["" if ratio is None else f"{ratio:.2f} x" for ratio in ratios], padding=3)
    cost.set_title("US dollars a month, a million users")
    _grouped(
        pulls,
        names,
        {
            "p50": ([bill.pulls_p50 for bill in bills], _GREY),
            "p95": ([bill.pulls_p95 for bill in bills], _BLUE),
            "p99": ([bill.pulls_p99 for bill in bills], _ORANGE),
        },
    )
    pulls.set_title("Pulls a read")
    _grouped(
        inbox,
        names,
        {
            "nothing expires": ([bill.inbox_items for bill in bills], _GREY),
            "smart TTL": ([bill.inbox_items_smart_ttl for bill in bills], _BLUE),
        },
    )
    inbox.set_title("Items an inbox after 30 days")
    for panel in (cost, pulls, inbox):
        panel.invert_yaxis()
        panel.margins(x=0.15)
        panel.locator_params(axis="x", nbins=5)
        panel.xaxis.set_major_formatter("{x:,.0f}")
        panel.spines[["top", "right"]].set_visible(False)
    figure.suptitle("  ".join(f"{key} {value}" for key, value in outcome.network.items()), fontsize=8)
    figure.savefig(path, dpi=120)


def _grouped(panel: Any, names: list[str], series: dict[str, tuple[list[float], str]]) -> None:
    height = 0.8 / len(series)
    for number, (label, (values, colour)) in enumerate(series.items()):
        offset = (number - (len(series) - 1) / 2) * height
        panel.barh([row + offset for row in range(len(names))], values, height, label=label, color=colour)
    panel.set_yticks(range(len(names)), names)
    panel.legend(frameon=False)
