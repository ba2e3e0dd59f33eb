"""An export made here and now, for an operator who was asked for somebody's data: the same steps, in this process."""

from collections.abc import Callable
from pathlib import Path
from shutil import copyfileobj

from django.db import transaction

from accounts import export_files, export_packing, export_services
from accounts.export_models import OPEN, Export
from accounts.models import User

Told = Callable[[Export], None]


def export_now(*, user: User, into: Path, language: str, progress: Told) -> int:
    """Write the zip and leave nothing else behind; the size in bytes. One that was broken off is gone on with.

    Cost: as the steps and `export_pack`.
    """
    begun = Export.objects.filter(user=user, by_operator=True, state__in=OPEN)
    export = begun.first() or Export.objects.create(user=user, by_operator=True, language=language)
    steps = [export.pk]
    while steps:
        export_services.export_step(export_id=steps.pop(), again=steps.append, pack=_nothing)
        export.refresh_from_db()
        progress(export)
    # A zip that was broken off here a moment ago is nobody else's.
    Export.objects.filter(pk=export.pk).update(page=0)
    export_packing.export_pack(export_id=export.pk, again=_nothing, mail=_nothing)
    export.refresh_from_db()
    draft = into.with_name(f"{into.name}.part")
    with export_files.private_storage().open(export.file_name) as made, draft.open("wb") as target:
        copyfileobj(made, target)
    draft.replace(into)
    with transaction.atomic():
        size = export.size
        export.delete()
    return size


def _nothing(_export_id: int) -> None:
    """Here the next step is taken by the loop, and nobody is told."""
