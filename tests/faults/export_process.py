"""A process that makes one export and says where it is, to be killed anywhere: `python -m tests.faults.export_process ID`."""

import sys
import time
from datetime import timedelta

import django

django.setup()

from accounts import export_packing, export_services  # noqa: E402
from accounts.export_models import Export  # noqa: E402

# Nobody else is at it here: who was killed need not be waited for.
export_packing.ALIVE_FOR = timedelta(0)  # type: ignore[misc]
export_packing.ALIVE_EVERY_SECONDS = 0  # type: ignore[misc]


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(export_id: int) -> None:
    """As the tasks do it, one after the other."""
    queue = [export_id]
    while queue:
        export_services.export_step(export_id=queue.pop(), again=queue.append, pack=lambda _id: None)
        export = Export.objects.get(pk=export_id)
        tell(f"step {export.part} {export.page}")
    tell("pack")
    export_packing.export_pack(export_id=export_id, again=lambda _id: time.sleep(0.1), mail=lambda _id: None)
    tell("ready")


main(int(sys.argv[1]))
