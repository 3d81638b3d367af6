"""Acts of the room: duty, check-in, the life of an exam, incidents, messages, time, papers."""

from proctoring.actions.check_in import Issued, check_in, reissue_pin
from proctoring.actions.duty import begin_watch, end_watch
from proctoring.actions.life import (
    ask_removal,
    begin_exam,
    confirm_removal,
    continue_exam,
    decline_removal,
    end_exam,
    hold_exam,
    open_registration,
)
from proctoring.actions.papers import confirm_minutes, file_paper, write_minutes
from proctoring.actions.records import report_incident, send_word
from proctoring.actions.time import ask_time, grant_time, refuse_time

__all__ = [
    "Issued",
    "ask_removal",
    "ask_time",
    "begin_exam",
    "begin_watch",
    "check_in",
    "confirm_minutes",
    "confirm_removal",
    "continue_exam",
    "decline_removal",
    "end_exam",
    "end_watch",
    "file_paper",
    "grant_time",
    "hold_exam",
    "open_registration",
    "refuse_time",
    "reissue_pin",
    "report_incident",
    "send_word",
    "write_minutes",
]
