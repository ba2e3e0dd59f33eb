"""The child that looks at photos: `python images_child.py FOLDER` prints what it found in the folder's files, as JSON.

It has no environment, no Django and no more memory than `MEMORY_BYTES` of address space, of which it touches 180 MB.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 2 << 30
SECONDS = 60


def main(folder: str) -> list[dict[str, Any]]:
    """Class and score of every detection in any of the files."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from nudenet import NudeDetector  # noqa: PLC0415  # below the limits

    detector = NudeDetector()
    return [
        {"class": found["class"], "score": found["score"]}
        for path in sorted(Path(folder).iterdir())
        for found in detector.detect(path.read_bytes())
    ]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])))
