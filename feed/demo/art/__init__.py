"""Generated pictures: every function takes a random generator and a size and gives an image, the same for one seed."""

from feed.demo.art.gallery import GENERATORS, picture_of

__all__ = ["GENERATORS", "picture_of"]
