"""The classifiers as they come in their wheels, on real texts and real pictures."""

import subprocess
import sys
import sysconfig
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from PIL import Image

from posts.entities import Post
from posts.moderation.content import Content, content_of_post
from posts.moderation.models import Case
from posts.moderation.scanners import Finding, images, images_child, reached
from posts.moderation.scanners.images import ImageScanner, ImageScannerFailed
from posts.moderation.scanners.text import TextScanner
from posts.moderation.scanning import post_scan
from posts.moderation.verdicts import verdict_on
from posts.standing import Standing
from tests.accounts.factory import a_user
from tests.posts.factory import a_photo, a_post, with_renditions
from tests.posts.moderation.test_scan import Settle, stands

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
# Of the demo network's wheels, see requirements-demo.txt; its library is not imported.
PORTRAIT = Path(sysconfig.get_path("purelib"), "skimage", "data", "astronaut.png")
FACE = {"FACE_FEMALE": {"covered": 0.4, "held": 0.99}}


def with_portrait() -> Post:
    """A post with a portrait and a drawing of corners, rendered."""
    portrait = BytesIO()
    Image.open(PORTRAIT).convert("RGB").save(portrait, "JPEG")
    portrait.seek(0)
    portrait.name = "portrait.jpg"
    return with_renditions(a_post(by=a_user(), photo=portrait))


def found_by(scanner: Any, content: Content) -> list[tuple[str, Standing]]:
    return [(finding.rule, finding.outcome) for finding in scanner.scan(content)]


def test_rude_english_is_found_and_plain_talk_is_not(settings: Any) -> None:
    scanner = TextScanner()
    rude = Content(texts=("You stupid fucking idiot, shut up",))
    assert found_by(scanner, rude) == [("profanity", Standing.COVERED)]
    for text in ("Low tide at the old pier.", "Breast cancer awareness run", "O farol caiu na tempestade."):
        assert scanner.scan(Content(texts=(text,))) == []
    assert scanner.scan(Content(texts=("Fine.", "You stupid fucking idiot, shut up"))), "a description counts"
    settings.TEXT_THRESHOLDS = {"covered": 0.9, "rejected": 0.99}
    assert found_by(scanner, rude) == [("profanity", Standing.REJECTED)]
    settings.TEXT_THRESHOLDS = {}
    assert scanner.scan(rude) == []


def test_a_harmless_picture_passes() -> None:
    post = with_renditions(a_post(by=a_user(), photo=a_photo(800, 600)))
    assert ImageScanner().scan(content_of_post(post)) == []


def test_what_the_model_detects_decides_by_its_threshold(settings: Any) -> None:
    post = with_portrait()
    content = content_of_post(post)
    assert ImageScanner().scan(content) == [], "a portrait is nothing that the settings name"
    settings.IMAGE_THRESHOLDS = FACE
    (finding,) = ImageScanner().scan(content)
    assert isinstance(finding, Finding)
    assert (finding.rule, finding.outcome, finding.reason) == ("FACE_FEMALE", Standing.COVERED, "Nudity")
    assert finding.score is not None
    settings.IMAGE_THRESHOLDS = {"FACE_FEMALE": {"covered": 0.1, "rejected": finding.score}}
    assert found_by(ImageScanner(), content) == [("FACE_FEMALE", Standing.REJECTED)]
    settings.IMAGE_THRESHOLDS = {"FACE_FEMALE": {"covered": finding.score + 0.001}}
    assert ImageScanner().scan(content) == []


def test_a_photo_covers_its_post_from_the_stream(settle: Settle, settings: Any) -> None:
    settings.IMAGE_THRESHOLDS = FACE
    portrait = BytesIO(PORTRAIT.read_bytes())
    portrait.name = "portrait.png"
    post = a_post(by=a_user(), photo=portrait)
    settle()
    assert stands(post) == (Standing.COVERED, "Nudity")
    (finding,) = Case.objects.get(thing_id=post.id).findings
    assert (finding["scanner"], finding["rule"]) == ("image", "FACE_FEMALE")


def test_the_child_stays_within_its_memory(tmp_path: Path) -> None:
    """In a process of its own, as it is run: what it touched at most, for twenty photos."""
    # Not by getrusage: a process begins with the largest size of the one that it was forked from.
    program = (
        "import re, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]); import images_child;"
        "images_child.main(sys.argv[1]);"
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', Path('/proc/self/status').read_text())[1])"
    )
    for number in range(20):
        Image.open(PORTRAIT).convert("RGB").save(tmp_path / f"{number}.webp")
    folder = str(Path(images_child.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), folder], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 400_000, "kilobytes"


def test_a_picture_that_breaks_the_child_breaks_nothing_else(settings: Any) -> None:
    settings.SCANNERS = ["posts.moderation.scanners.images.ImageScanner"]
    settings.IMAGE_THRESHOLDS = FACE
    post = with_portrait()
    name = min(post.photos[0].renditions.items())[1]
    Path(settings.MEDIA_ROOT, name).write_bytes(b"no picture at all")
    with pytest.raises(ImageScannerFailed, match="ended with"):
        ImageScanner().scan(content_of_post(post))
    assert verdict_on(content_of_post(post)).failed == ("image",)
    post_scan(post_id=post.id, last_try=True)
    assert stands(post)[0] is Standing.SHOWN


def test_a_child_that_takes_too_long_is_ended(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.IMAGE_THRESHOLDS = FACE
    content = content_of_post(with_portrait())
    monkeypatch.setattr(images, "CHILD_SECONDS", 0.01)
    with pytest.raises(ImageScannerFailed, match="no answer"):
        ImageScanner().scan(content)


def test_an_outcome_that_nobody_knows_is_a_failure_and_no_pass() -> None:
    with pytest.raises(ImproperlyConfigured, match="waiting"):
        reached({"waiting": 0.1}, 0.5)
