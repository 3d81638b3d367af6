"""Acts of the room: duty, check-in, the life of an exam, incidents, messages, time, papers."""

from proctoring.actions.alarms import dismiss_alarm, excuse_browser, follow_alarm, raise_alarms, see_alarms
from proctoring.actions.check_in import Issued, check_in, reissue_pin
from proctoring.actions.duty import begin_watch, end_watch
from proctoring.actions.life import (
    begin_exam,
    continue_exam,
    end_exam,
    hold_exam,
    open_registration,
)
from proctoring.actions.moves import ask_move, confirm_move, decline_move
from proctoring.actions.papers import confirm_minutes, file_paper, write_minutes
from proctoring.actions.records import report_incident, send_word
from proctoring.actions.removals import ask_removal, confirm_removal, decline_removal
from proctoring.actions.time import ask_time, grant_time, refuse_time

__all__ = [
    "Issued",
    "ask_move",
    "ask_removal",
    "ask_time",
    "begin_exam",
    "begin_watch",
    "check_in",
    "confirm_minutes",
    "confirm_move",
    "confirm_removal",
    "continue_exam",
    "decline_move",
    "decline_removal",
    "dismiss_alarm",
    "end_exam",
    "end_watch",
    "excuse_browser",
    "file_paper",
    "follow_alarm",
    "grant_time",
    "hold_exam",
    "open_registration",
    "raise_alarms",
    "refuse_time",
    "reissue_pin",
    "report_incident",
    "see_alarms",
    "send_word",
    "write_minutes",
]
