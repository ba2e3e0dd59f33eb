"""A folder of this machine whose files have no addresses. A module of its own, for settings name it before Django is up."""

from django.core.files.storage import FileSystemStorage


class PrivateFolder(FileSystemStorage):
    """Files that only we may read."""

    def url(self, name: str | None) -> str:
        """There is none: without a base Django would take that of the public media.

        Raises: ValueError.
        """
        message = f"private files are handed out by views: {name}"
        raise ValueError(message)
