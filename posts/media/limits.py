"""How much, how many and how long, in one place; what an operator may change is in `config/environment.py`."""

from typing import Final

SIZES: Final = (320, 640, 1280, 2048)  # pixels, of the longer side
FORMATS: Final = ("webp", "avif")
MAX_PIXELS: Final = 50_000_000
PHOTOS_A_POST: Final = 20
ACCEPT: Final = "image/jpeg,image/png,image/webp,image/gif,image/avif,image/heic,image/heif,.heic,.heif"

UNUSED_SECONDS: Final = 24 * 3600  # a medium that no post has taken by then is swept
PARTS_AT_MOST: Final = 256  # pieces of one upload
BLOCK_BYTES: Final = 256 << 10
CHILD_SECONDS: Final = 45
CHILDREN_AT_ONCE: Final = 2  # a process
CHILD_WAIT_SECONDS: Final = 20
