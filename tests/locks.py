"""Two at once: one holds a lock, and the test goes on when the other waits for it."""

from deploy.launcher import children

ASKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"


def wait_for_a_lock(harness, name: str) -> None:
    """Until a connection of the database ``name`` waits for another's lock."""
    with harness.postgres.connect() as watcher:
        assert children.wait_until(lambda: watcher.execute(ASKED, [name]).fetchone()[0] > 0, 20, 0.05)
