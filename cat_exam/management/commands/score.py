"""The process that scores finished attempts as soon as they are there."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection

from cat_exam.actions import rescore_covered, score_finished
from cat_exam.hallclock import hall_now
from cat_exam.queries import to_score

log = logging.getLogger(__name__)

LOOK = 0.2
#: Seconds between looks for late lines that a credit came to cover.
LOOK_BACK = 5.0


class Command(BaseCommand):
    """Runs until it is ended; one attempt that cannot be scored is set aside, loudly, and the others go on."""

    help = "score finished exams"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="score what is waiting, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        aside: list[int] = []
        most, back_at = 50, 0.0
        while True:
            try:
                done = score_finished(now=hall_now(), most=most, passing=aside)
                most = 50 if done or most == 50 else most
            except Error as error:
                log.warning("score: the database did not answer: %s", type(error).__name__)
                connection.close()
                done = []
            except Exception:
                log.exception("score: a batch failed; scoring one by one")
                if most == 1:
                    aside += to_score(aside)[:1]
                most, done = 1, [0]
            if options["once"] and not done:
                rescore_covered(now=hall_now())
                return
            if time.monotonic() >= back_at:
                self._look_back()
                back_at = time.monotonic() + LOOK_BACK
            if not done:
                time.sleep(LOOK)

    def _look_back(self) -> None:
        try:
            for attempt in rescore_covered(now=hall_now()):
                log.info("score: attempt %d scored again with its late answers", attempt)
        except Error as error:
            log.warning("score: the database did not answer: %s", type(error).__name__)
            connection.close()
        except Exception:
            log.exception("score: late answers could not be counted")
