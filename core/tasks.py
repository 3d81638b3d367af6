"""Periodic jobs of the ground floor, run by the ``jobs`` process."""

from procrastinate.contrib.django import app

from core import actions, clock


@app.periodic(cron="* * * * * */10")
@app.task(name="core.make_checkpoint", queueing_lock="core.make_checkpoint")
def make_checkpoint(timestamp: int) -> None:
    """Every ten seconds: seal the trail lines committed since the last checkpoint."""
    actions.make_checkpoint(now=clock.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="core.forget_tallies", queueing_lock="core.forget_tallies")
def forget_tallies(timestamp: int) -> None:
    """Every night: drop counts of wrong tries that no longer close anything."""
    actions.forget_tallies(now=clock.now())
