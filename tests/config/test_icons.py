"""Icons in pages."""

import re

import pytest
from django.template import engines
from django.templatetags.static import static

from deploy.local.paths import ROOT


def rendered(text: str, **facts: object) -> str:
    return engines["django"].from_string(text).render(facts)


def test_an_icon_points_into_the_file_of_icons() -> None:
    assert f'<use href="{static("icons.svg")}#heart"></use></svg>' in rendered('{% icon "heart" %}')
    assert rendered("{% icon name %}", name='"><b>').count("<") == 4


@pytest.mark.parametrize("place", ["accounts", "components", "feed", "graph", "posts"])
def test_every_icon_that_is_named_is_there(place: str) -> None:
    drawn = set(re.findall(r'id="([\w-]+)"', (ROOT / "static" / "icons.svg").read_text()))
    named = re.compile(r'{% icon "([\w-]+)" %}')
    pages = (ROOT / "templates" / place).rglob("*.html")
    assert set().union(*(named.findall(page.read_text()) for page in pages)) <= drawn
