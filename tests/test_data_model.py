"""docs/data-model.md says what the declarations and the meter say."""

import json

from django.conf import settings
from django.core.management import call_command

from benchmarks.units import measure


def test_the_page_is_made_from_todays_declarations():
    call_command("data_model", check=True)


def test_the_measured_units_are_todays(db):
    kept = json.loads((settings.BASE_DIR / "docs" / "measured-units.json").read_text())
    found = {name: {k: v for k, v in row.items() if k != "rounds"} for name, row in measure().items()}
    # How many rounds overlap depends on the clock; requests and units do not.
    assert found == {name: {k: v for k, v in row.items() if k != "rounds"} for name, row in kept.items()}
