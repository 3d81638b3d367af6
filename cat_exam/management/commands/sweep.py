"""The process that closes attempts whose time is over, every half second."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, connection

from cat_exam.sweep import sweep_once

log = logging.getLogger(__name__)

ROUND = 0.5


class Command(BaseCommand):
    """Runs until it is ended; a database that is away is waited for."""

    help = "close exams whose time is over"

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            try:
                sweep_once()
            except Error as error:
                log.warning("sweep: the database did not answer: %s", type(error).__name__)
                connection.close()
            time.sleep(ROUND)
