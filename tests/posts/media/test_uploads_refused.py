"""Bad uploads: each is refused with a reason, within bounded memory, and leaves nothing behind."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings

from config.entities import UserId
from config.errors import Invalid
from config.images import ImageInvalid, ImageTooLarge
from posts.media.child import MEMORY_BYTES
from posts.media.decoding import picture_check
from posts.media.errors import PictureIsMore, PictureMislabelled, PictureTooExpensive
from posts.media.services import medium_store
from posts.repository.media import query_unused
from posts.selectors import recent_post_ids
from posts.services import post_create
from tests.accounts.factory import a_user
from tests.posts.factory import a_photo
from tests.posts.media import pictures
from tests.posts.media.pictures import named


class Endless(BytesIO):
    """Zeros for as long as anybody reads, and how many were read."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size >= 0, "a file is never read whole"
        self.given += size
        return bytes(size)


Refusal = tuple[Callable[[], BytesIO], type[Invalid], str]
BAD: dict[str, Refusal] = {
    "13,000 x 13,000": (lambda: named(pictures.a_png(13_000, 13_000), "b.png"), ImageTooLarge, "50 megapixels"),
    "far too many pixels": (lambda: named(pictures.a_png(400_000, 1)[:40] + b"x" * 60, "b.png"), ImageInvalid, "cut off"),
    "svg with script": (lambda: named(pictures.SVG, "b.svg"), PictureIsMore, "script"),
    "svg": (lambda: named(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "b.svg"), ImageInvalid, "HEIC"),
    "gif and script": (lambda: named(pictures.a_gif_that_is_a_script(), "b.gif"), PictureIsMore, "more than"),
    "jpeg and page": (lambda: named(pictures.a_jpeg_that_is_a_page(), "b.jpg"), PictureIsMore, "web page"),
    "png called jpeg": (lambda: named(a_photo(60, 40, "PNG").getvalue(), "b.jpg", "image/jpeg"), PictureMislabelled, "kind"),
    "jpeg called page": (lambda: named(a_photo(60, 40).getvalue(), "b.html", "text/html"), PictureMislabelled, "kind"),
    "tiff": (lambda: named(pictures.a_tiff(), "b.tif"), ImageInvalid, "HEIC"),
    "truncated jpeg": (lambda: BytesIO(a_photo().getvalue()[:4000]), ImageInvalid, "cut off"),
    "truncated png": (lambda: BytesIO(a_photo(kind="PNG").getvalue()[:900]), ImageInvalid, "cut off"),
    "truncated heic": (lambda: BytesIO(pictures.a_heic()[:300]), ImageInvalid, "cut off"),
    "cut in its header": (lambda: BytesIO(a_photo().getvalue()[:20]), ImageInvalid, "cut off"),
    "words": (lambda: BytesIO(b"just words " * 100), ImageInvalid, "not a picture"),
    "empty": (lambda: BytesIO(b""), ImageInvalid, "empty"),
    "too many bytes": (Endless, ImageTooLarge, "30 MB"),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_upload_is_refused_and_leaves_nothing(kind: str, own_folder: Path) -> None:
    make, error, words = BAD[kind]
    ana = UserId(a_user().pk)
    with pytest.raises(error, match=words):
        post_create(author_id=ana, text="With a photo.", photo=make())
    assert list(own_folder.iterdir()) == []
    assert recent_post_ids(ana, limit=1) == []
    assert query_unused(ana, limit=1) == []


def test_the_bomb_is_a_small_file_and_costs_little() -> None:
    bomb = pictures.a_png(13_000, 13_000)
    assert len(bomb) < 30_000
    with pytest.raises(ImageTooLarge) as refusal:
        picture_check(BytesIO(bomb))
    assert refusal.value.data == {"limit": 50_000_000}


def test_only_the_first_frame_of_a_bomb_is_looked_at() -> None:
    bomb = pictures.a_frame_bomb()
    assert len(bomb) < 500_000
    try:
        checked = picture_check(BytesIO(bomb))
    except Invalid:
        return
    assert checked.look.animated
    assert checked.memory_bytes < 200_000_000


@pytest.mark.parametrize(("kind", "colours"), [("PNG", "RGBA"), ("JPEG", "RGB"), ("PNG", "P")])
def test_the_largest_that_is_allowed_stays_within_the_memory(kind: str, colours: str) -> None:
    from PIL import Image

    file = BytesIO()
    Image.new(colours, (7_071, 7_071)).save(file, kind, progressive=True, compress_level=1)
    file.seek(0)
    checked = picture_check(file)
    assert (checked.look.width, checked.look.height) == (2048, 2048)
    assert 20_000_000 < checked.memory_bytes < 400_000_000


def test_a_picture_that_needs_more_memory_than_there_is_ends_the_child_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """WebP and AVIF take so much for a pixel that they are refused earlier; here the kernel has to say no."""
    assert MEMORY_BYTES < 410_000_000
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (7_000, 4_400)).save(file, "AVIF", speed=10, quality=1)
    file.seek(0)
    try:
        checked = picture_check(file)
    except PictureTooExpensive:
        return
    assert checked.memory_bytes < 400_000_000


def test_no_more_is_read_than_is_allowed() -> None:
    endless = Endless()
    with pytest.raises(ImageTooLarge):
        medium_store(owner_id=UserId(1), file=endless)
    assert endless.given <= settings.PHOTO_MAX_BYTES + (1 << 20)
