"""What is refused of media. See also `config/images.py`: ImageInvalid, ImageTooLarge.

Invalid    PictureMislabelled, PictureIsMore, PictureTooExpensive, NameRefused, TooManyPhotos, TooManyPieces
NotFound   MediumNotFound       another's looks like none
Conflict   MediumUsed, MediumMoved, MediumNotReady, OffsetWrong, NoDirectUploads
TooFast    TooManyUploads
AppError   LengthMissing 411, UploadTooLarge 413 (both in config/bodies.py)
"""

from django.utils.translation import gettext_lazy as _

from config.errors import Conflict, Invalid, NotFound, TooFast


class PictureMislabelled(Invalid):
    """Said to be one kind, and another by its content. `data["found"]` says which."""

    code = "image_mislabelled"
    default_message = _("This file is not of the kind that it claims to be.")


class PictureIsMore(Invalid):
    """A picture that is a page or a program too."""

    code = "image_is_more"
    default_message = _("This file holds more than a picture: there is a script or a web page in it.")


class PictureTooExpensive(Invalid):
    """Decoding it took more memory or time than a picture is given."""

    code = "image_too_expensive"
    default_message = _("This picture takes too much memory or time to read. Save it again, smaller.")


class NameRefused(Invalid):
    """A file name with a path, control characters or turned writing; it would not have been used anyway."""

    code = "name_refused"
    default_message = _("This file name can't be right: it holds a path or invisible characters.")


class TooManyPhotos(Invalid):
    """`data["limit"]` says how many a post may have."""

    code = "too_many_photos"
    default_message = _("A post has up to 20 photos.")


class TooManyPieces(Invalid):
    """`data["limit"]` says in how many pieces an upload may come."""

    code = "too_many_pieces"
    default_message = _("This upload came in too many small pieces.")


class MediumNotFound(NotFound):
    """No such medium, or another's, or swept."""

    code = "medium_not_found"
    default_message = _("This photo is not there any more. Add it again.")


class MediumUsed(Conflict):
    """A post has it."""

    code = "medium_used"
    default_message = _("This photo belongs to a post already.")


class MediumNotReady(Conflict):
    """Its upload has not ended, or it could not be prepared."""

    code = "medium_not_ready"
    default_message = _("This photo has not been uploaded whole, or could not be prepared.")


class MediumMoved(Conflict):
    """It was made ready between a read and a write; reading again is enough."""

    code = "medium_moved"
    default_message = _("This photo has just changed. Try again.")


class OffsetWrong(Conflict):
    """`data["offset"]` says from which byte on it goes."""

    code = "offset_wrong"
    default_message = _("This piece does not follow the last one.")


class NoDirectUploads(Conflict):
    """Photos are kept on a disk here: there is no bucket to upload to."""

    code = "no_direct_uploads"
    default_message = _("Photos can't be uploaded to a bucket here.")


class TooManyUploads(TooFast):
    """`data["limit"]` says how many may be unfinished or unused."""

    code = "too_many_uploads"
    default_message = _("You have many photos that are in no post yet. Post or remove some first.")
