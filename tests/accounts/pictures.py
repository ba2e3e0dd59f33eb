"""Pictures for tests, as files."""

from io import BytesIO

from PIL import Image

GPS_IFD = 0x8825
ORIENTATION = 0x0112


def a_picture(
    width: int = 60, height: int = 40, *, kind: str = "JPEG", colour: str = "teal", turned: bool = False
) -> BytesIO:
    """A plain picture; a turned one has its left half red, lies on its side and knows where it was taken."""
    image = Image.new("RGB", (width, height), colour)
    file = BytesIO()
    if turned:
        image.paste("red", (0, 0, width // 2, height))
        exif = Image.Exif()
        exif[ORIENTATION] = 6  # to be turned clockwise by a quarter
        exif.get_ifd(GPS_IFD)[1] = "N"
        image.save(file, kind, exif=exif, quality=95)
    else:
        image.save(file, kind)
    file.seek(0)
    file.name = f"picture.{kind.lower()}"
    return file
