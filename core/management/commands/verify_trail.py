"""Check every signed checkpoint against the trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import queries

FAULTS = {
    "gap": "does not join the checkpoint before it",
    "seal": "its signature is not by a published key over these figures",
    "lines": "the number of trail lines differs",
    "root": "a trail line was changed",
}


class Command(BaseCommand):
    """Prints each fault; fails when there is one."""

    help = "Recompute the Merkle root of every checkpoint and check its seal."

    def handle(self, *args: Any, **options: Any) -> None:
        checked = lines = faults = 0
        for row, fault in queries.checkpoint_faults():
            checked, lines = checked + 1, lines + row.lines
            if fault:
                faults += 1
                self.stderr.write(f"transactions {row.tx_from}–{row.tx_to}: {FAULTS[fault]}")
        if faults:
            raise CommandError(f"{faults} of {checked} checkpoints do not hold")
        self.stdout.write(f"{checked} checkpoints over {lines} trail lines hold")
