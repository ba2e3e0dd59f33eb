"""A process that publishes what is due of one author, to be killed anywhere: `python -m tests.faults.publish_process ID`."""

import sys

import django

django.setup()

from posts.drafts import publishing  # noqa: E402


def main(author_id: int) -> None:
    """As beat and a worker do it, one after the other."""
    # A moment ahead, so that nobody has to wait until it is due.
    for author, draft_id, due_at_ms in publishing.due_drafts(now_ms=10**13):
        if author == author_id:
            publishing.due_publish(author_id=author, draft_id=draft_id, due_at_ms=due_at_ms)


main(int(sys.argv[1]))
