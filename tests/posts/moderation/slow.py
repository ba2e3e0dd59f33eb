"""A scanner that takes as long as a file is there: for tests that kill the process it runs in."""

import os
import time
from pathlib import Path

from posts.moderation.content import Content
from posts.moderation.scanners import Finding
from posts.standing import Standing

PATH = "tests.posts.moderation.slow.SlowScanner"
FOLDER = "ROOST_TEST_SLOW_SCANNER"


class SlowScanner:
    """Notes in its folder that it has begun, and finds a herring in what has one."""

    name = "slow"
    version = "1"

    def scan(self, content: Content) -> list[Finding]:
        folder = Path(os.environ[FOLDER])
        begun = folder / f"begun-{os.getpid()}-{time.monotonic_ns()}"
        begun.touch()
        while (folder / "hold").exists():
            time.sleep(0.02)
        hit = any("herring" in text for text in content.texts)
        return [Finding(self.name, "herring", Standing.HELD, "Fish")] if hit else []
