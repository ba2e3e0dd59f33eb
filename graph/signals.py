"""What rooms that build on the graph must have written before or at once after a change here, the stream being too late.

A receiver that fails makes the whole call fail: it is made again, and everything here is idempotent.
"""

from django.dispatch import Signal

mute_coming = Signal()
"""Before a mute is written. Arguments: `muter_id`, `muted_id`."""

block_made = Signal()
"""A block stands, before its maker is told so. Arguments: `blocker_id`, `blocked_id`."""
