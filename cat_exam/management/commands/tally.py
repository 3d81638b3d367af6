"""The process that counts running points and tells the live boards; it holds the paper keys, as the scorer does."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, connection

from cat_exam.hallclock import hall_now
from cat_exam.protocol.board import PACE_SECONDS
from cat_exam.tally import Boards, Feed

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Runs until it is ended; without a database the boards keep what they were told last."""

    help = "count running points for the live boards (CAT_BOARD_FEEDS)"

    def handle(self, *args: Any, **options: Any) -> None:
        feeds, boards = [Feed(path) for path in settings.BOARD_FEEDS], Boards()
        while True:
            began = time.monotonic()
            fresh = [feed.open() for feed in feeds]
            try:
                frames = boards.round(hall_now(), everything=any(fresh))
            except Error as error:
                log.warning("tally: the database did not answer: %s", type(error).__name__)
                connection.close()
                boards, frames = Boards(), []
            for feed in feeds:
                feed.tell(frames)
            time.sleep(max(0.05, PACE_SECONDS - (time.monotonic() - began)))
