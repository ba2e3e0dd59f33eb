"""docs/data-model.md says what the declarations and the meter say."""

import json

from django.conf import settings
from django.core.management import call_command

from benchmarks.units import flattened, measure

# How many rounds overlap depends on the clock, and how long it took too; requests and units do not.
TIMED = ("rounds", "seconds")


def without_timed(figures: dict[str, float]) -> dict[str, float]:
    return {key: value for key, value in figures.items() if not key.endswith(TIMED)}


def test_the_page_is_made_from_todays_declarations():
    call_command("data_model", check=True)


def test_the_measured_units_are_todays(db, empty_cache):
    kept = json.loads((settings.BASE_DIR / "docs" / "measured-units.json").read_text())
    assert without_timed(flattened(measure())) == without_timed(kept)
