"""Signals that rooms to the left may listen to; each is sent after the change is committed.

- `privacy_changed(user_id, is_private)`: an account was made private or public; also when it was public before.
- `account_departed(user_id, kind)`: its owner deactivated it or asked for its deletion; it is hidden.
- `account_restored(user_id)`: its owner is back, and it is shown again.
- `account_deleted(user_id)`: an account's row is gone; what hangs on its id may be removed.
- `archived_account_seen(user_id)`: somebody uses an account whose edges are archived; sent before each such request's work.
"""

from django.dispatch import Signal

privacy_changed = Signal()
account_departed = Signal()
account_restored = Signal()
account_deleted = Signal()
archived_account_seen = Signal()
