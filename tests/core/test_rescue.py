"""Helping staff back in, when the two steps are taken at the same moment."""

import threading
from collections.abc import Callable

from django.db import connection, transaction

from core import actions, clock
from core.errors import Refusal
from core.models import User
from tests.locks import wait_for_a_lock


def test_one_operator_does_not_take_both_steps_at_the_same_moment(committed_db, harness, people):
    victim, helper = people.staff("chair"), people.staff("operator")
    outcomes: list[str] = []

    def run(step: Callable[..., None], **facts: str) -> threading.Thread:
        def act() -> None:
            try:
                step(user=victim, by=helper, now=clock.now(), **facts)
                outcomes.append("done")
            except Refusal as refusal:
                outcomes.append(refusal.code)
            finally:
                connection.close()

        thread = threading.Thread(target=act)
        thread.start()
        return thread

    with transaction.atomic():
        User.objects.select_for_update().get(pk=victim.pk)
        first = run(actions.replace_staff_password, password="kata-sandi-lain-9")
        wait_for_a_lock(harness, committed_db)
        second = run(actions.reset_second_factor)
        second.join(1)  # long enough for a step that does not wait for the other
    first.join()
    second.join()
    assert sorted(outcomes) == ["done", "four_eyes"]
