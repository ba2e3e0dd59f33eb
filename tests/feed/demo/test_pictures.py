"""Pictures are the same for one seed, of the size asked for, and never flat."""

from pathlib import Path

import numpy as np
import pytest

from feed.demo.art import GENERATORS, picture_of
from feed.demo.avatars import SIZE, avatar_of
from feed.demo.credits import credits_text
from feed.demo.photos import PHOTOS, missing_packages, photo_of
from feed.demo.pictures import recipes_of
from feed.demo.stock import languages


@pytest.mark.parametrize("generator", GENERATORS)
def test_a_generator_is_deterministic_and_paints_something(generator: str) -> None:
    first = picture_of(generator, 11, (480, 360))
    assert first.size == (480, 360)
    assert first.tobytes() == picture_of(generator, 11, (480, 360)).tobytes()
    assert first.tobytes() != picture_of(generator, 12, (480, 360)).tobytes()
    assert np.asarray(first).std() > 4


@pytest.mark.parametrize("seed", range(12))
def test_avatars_are_square_and_deterministic(seed: int) -> None:
    avatar = avatar_of(seed, is_woman=bool(seed % 2), with_photos=False)
    assert avatar.size == (SIZE, SIZE)
    assert avatar.tobytes() == avatar_of(seed, is_woman=bool(seed % 2), with_photos=False).tobytes()


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_is_cropped_to_its_shape(name: str) -> None:
    if missing_packages():
        pytest.skip("pip install --no-deps -r requirements-demo.txt")
    photo = photo_of(name, 5, (1200, 900))
    assert photo.width / photo.height == pytest.approx(4 / 3, rel=0.01)
    assert photo.tobytes() == photo_of(name, 5, (1200, 900)).tobytes()


def test_every_subject_has_captions_in_english_and_an_alternative_text() -> None:
    for recipe in recipes_of(300, 7, with_photos=True):
        assert languages()["en"].captions[recipe.subject]
        assert recipe.alt


def test_without_the_photo_packages_all_pictures_are_generated() -> None:
    assert not any(recipe.is_photo for recipe in recipes_of(60, 7, with_photos=False))


def test_the_credits_in_docs_are_those_of_the_code() -> None:
    docs = Path(__file__).parents[3] / "docs" / "credits.md"
    assert docs.read_text(encoding="utf-8").strip() == credits_text().strip()
