"""The queue of background jobs outlives any process that worked on it."""

from procrastinate.contrib.django import app


def test_no_job_holds_a_lock_of_the_queue() -> None:
    """Such a lock stays with the job of a worker that was killed, and nothing of its name would ever run again."""
    ours = {name: task.lock for name, task in app.tasks.items() if not name.startswith("builtin")}
    assert {"core.make_checkpoint", "proctoring.watch_rooms", "registration.do_work"} <= ours.keys()
    assert not any(ours.values()), ours
