"""Whose photos the demo network uses: the text of docs/credits.md comes from the same list as the photos."""

from feed.demo.photos import PHOTOS

PACKAGES = {"skimage": "scikit-image", "sklearn": "scikit-learn"}
HEAD = """# Credits

Photos of the demo network are those that ship inside the wheels of scikit-image 0.26.0 and scikit-learn 1.9.1
(`requirements-demo.txt`). They are read from there, cropped and toned; no copy is in this repository. What each package
says of them (`skimage/data/_fetchers.py`, `sklearn/datasets/images/README.txt`):

| photo | file | by | licence |
|---|---|---|---|
"""
TAIL = """
Left out because the package states no licence for them: `moon.png`, `page.png`, the stereo motorcycles.

Every other picture and every avatar is painted by `feed/demo/art` and `feed/demo/avatars.py`. The texts were written for
Roost; the people are invented.
"""


def credits_text() -> str:
    rows = [
        f"| {photo.title} | `{photo.path.rpartition('/')[2]}` ({PACKAGES[photo.package]}) | {photo.credit} | {photo.licence} |\n"
        for photo in PHOTOS.values()
    ]
    return HEAD + "".join(rows) + TAIL
