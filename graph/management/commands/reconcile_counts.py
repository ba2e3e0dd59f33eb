"""`manage.py reconcile_counts [--user HANDLE] [--repair]`: do counters agree with the edges that they count."""

from config.entities import UserId
from graph.reconcile import ACCOUNTS_A_STEP, Drift, account_reconcile, accounts_reconcile, drift_publish
from graph.reconcile_command import ReconcileCommand


class Command(ReconcileCommand[Drift]):
    """Counters of accounts."""

    help = "Recount followers and followed, compare with the counters, repair them if asked. Safe while people follow."
    step = ACCOUNTS_A_STEP

    def of_account(self, user_id: UserId, *, repair: bool) -> Drift:
        """Followers and followed of one."""
        return account_reconcile(user_id=user_id, repair=repair)

    def of_all(self, *, repair: bool, restart: bool, step: int) -> Drift:
        """Account by account."""
        return accounts_reconcile(repair=repair, restart=restart, step=step, progress=self._step)

    def tell(self, drift: Drift, done: str) -> str:
        """By number of edges."""
        drift_publish(drift)
        return (
            f"{drift.accounts} accounts: drift {done}: {drift.followers} followers, {drift.following} following; "
            f"{drift.unsettled} shards never stood still; {drift.archived} accounts are archived and were passed over"
        )

    def _step(self, accounts: int, last: UserId) -> None:
        self.stdout.write(f"{accounts} accounts, up to {last}")
