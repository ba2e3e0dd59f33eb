"""An export's file on its way to its owner: streamed by us, so that its name in the storage is nobody's to know."""

from django.http import FileResponse

from accounts.errors import ExportNotFound
from accounts.export_files import private_storage
from accounts.export_pages import file_stem
from accounts.export_selectors import export_to_download
from config.entities import UserId


def download_of(user_id: UserId, export_id: int) -> FileResponse:
    """The zip, to be kept by nobody on the way.

    Raises: ExportNotFound.
    """
    export = export_to_download(user_id, export_id)
    try:
        file = private_storage().open(export.file_name)
    except FileNotFoundError as gone:
        raise ExportNotFound from gone
    response = FileResponse(
        file, as_attachment=True, filename=f"{file_stem(export)}.zip", content_type="application/zip"
    )
    response["Content-Length"] = export.size
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
