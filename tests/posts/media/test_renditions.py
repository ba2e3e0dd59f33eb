"""What is made of an upload: four sizes in two formats, upright, and nothing of where, when or by whom."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from config.entities import UserId
from config.streams import start
from posts.media.files import photo_storage
from posts.media.names import rendition_names
from posts.media.services import medium_store
from posts.media.sweeping import media_sweep
from posts.repository import media
from tests.accounts.factory import a_user
from tests.posts.factory import a_photo, a_post, with_renditions
from tests.posts.media import pictures

pytestmark = pytest.mark.django_db


def opened(name: str) -> tuple[Image.Image, bytes]:
    with photo_storage().open(name) as file:
        data = file.read()
    return Image.open(BytesIO(data)), data


def test_four_sizes_in_two_formats() -> None:
    post = with_renditions(a_post(by=a_user(), photo=a_photo(2400, 1200), alt="Corners"))
    (photo,) = post.photos
    assert sorted(photo.renditions) == [320, 640, 1280, 2048]
    assert (photo.width, photo.height, photo.formats) == (2048, 1024, ("webp", "avif"))
    images = [opened(name)[0] for name in rendition_names(photo)]
    assert sorted(image.size for image in images) == sorted(
        2 * [(2048, 1024), (1280, 640), (640, 320), (320, 160)]
    )
    assert {image.format for image in images} == {"WEBP", "AVIF"}
    assert photo.colour[1:5] in {"0080", "ffa5", "0000"}, "that of a corner"


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (pictures.a_telling_photo, (90, 120)),
        (pictures.a_telling_png, (120, 90)),
        (pictures.a_heic, (120, 90)),
    ],
)
def test_no_rendition_tells_where_it_was_taken(
    make: Callable[[], bytes], size: tuple[int, int], own_folder: Path
) -> None:
    upload = make()
    assert any(trace in upload for trace in pictures.TRACES)
    post = with_renditions(a_post(by=a_user(), photo=BytesIO(upload)))
    assert (post.photos[0].width, post.photos[0].height) == size
    names = rendition_names(post.photos[0])
    assert len(names) == 2
    for name in names:
        image, data = opened(name)
        assert image.size == size
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & image.info.keys()
        assert not [trace for trace in pictures.TRACES if trace in data], name
    assert {str(path.relative_to(own_folder)) for path in own_folder.rglob("*.*")} == set(names), (
        "no upload is kept"
    )


def test_the_source_of_renditions_is_bare_too(own_folder: Path) -> None:
    medium_store(owner_id=UserId(a_user().pk), file=BytesIO(pictures.a_telling_photo()))
    (source,) = own_folder.rglob("*.*")
    assert not [trace for trace in pictures.TRACES if trace in source.read_bytes()]


def test_what_moves_is_a_still_with_a_mark() -> None:
    moving, still = (a_post(by=a_user(), photo=BytesIO(pictures.a_gif(frames))) for frames in (3, 1))
    assert (moving.photos[0].animated, still.photos[0].animated) == (True, False)


def test_a_worker_hears_of_it_and_makes_them_once(settle: Callable[[], None], own_folder: Path) -> None:
    ana = a_user()
    start()
    post = a_post(by=ana, photo=a_photo(200, 100))
    assert post.photos[0].is_waiting
    settle()
    settle()
    medium = media.get_medium(post.photos[0].id)  # type: ignore[arg-type]
    assert medium
    assert (medium.state, medium.post_id) == ("ready", post.id)
    assert len([path for path in own_folder.rglob("*") if path.is_file()]) == 2


def test_what_nobody_posts_is_swept(settle: Callable[[], None], own_folder: Path) -> None:
    from datetime import UTC, datetime, timedelta

    ana = a_user()
    kept = with_renditions(a_post(by=ana, photo=a_photo(60, 40)))
    medium_store(owner_id=UserId(ana.pk), file=a_photo(60, 40))
    lost = medium_store(owner_id=UserId(ana.pk), file=a_photo(60, 40))
    media.delete_medium(lost.id)  # as if it had never been written
    today = datetime.now(UTC).date()
    assert media_sweep(today=today).media == 0
    swept = media_sweep(today=today + timedelta(days=3))
    assert (swept.media, swept.strays) == (1, 1)
    files = {str(path.relative_to(own_folder)) for path in own_folder.rglob("*.*")}
    assert files == set(rendition_names(kept.photos[0]))
    assert media.query_unused(UserId(ana.pk), limit=9) == []


def test_a_discarded_one_loses_its_files_by_the_stream(settle: Callable[[], None], own_folder: Path) -> None:
    ana = UserId(a_user().pk)
    start()
    medium = medium_store(owner_id=ana, file=a_photo(60, 40))
    settle()
    media.delete_unused(medium.id)
    settle()
    assert not [path for path in own_folder.rglob("*") if path.is_file()]
