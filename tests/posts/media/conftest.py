"""Photos in a folder of the test's own, to see what is left behind."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folder(settings: object, tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    settings.MEDIA_ROOT = folder  # type: ignore[attr-defined]
    return folder
