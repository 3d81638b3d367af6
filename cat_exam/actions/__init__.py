"""How the hall's world changes."""

from cat_exam.actions.browsers import (
    Browser,
    add_browser_key,
    demand_browser,
    excuse_browser,
    retire_browser_key,
    see_browser,
)
from cat_exam.actions.credit import approve_time_credit, ask_time_credit
from cat_exam.actions.endings import expire_attempts, finish_attempts, submit
from cat_exam.actions.entry import Ticket, admit, agree_oath, enter_hall, issue_pin, renew_ticket
from cat_exam.actions.prepare import Report, prepare_exam
from cat_exam.actions.pulse import beat, watch_pulse
from cat_exam.actions.removals import ask_removal, confirm_removal, decline_removal
from cat_exam.actions.rescore import close_scores, rescore, rescore_covered
from cat_exam.actions.rolls import countersign_minutes, journal_digest, sign_minutes
from cat_exam.actions.room import close_exam, open_exam, pause_exam, resume_exam, send_message, set_board, start_exam
from cat_exam.actions.score import ChainBroken, score_attempt, score_finished

__all__ = [
    "Browser",
    "ChainBroken",
    "Report",
    "Ticket",
    "add_browser_key",
    "admit",
    "agree_oath",
    "approve_time_credit",
    "ask_removal",
    "ask_time_credit",
    "beat",
    "close_exam",
    "close_scores",
    "confirm_removal",
    "countersign_minutes",
    "decline_removal",
    "demand_browser",
    "enter_hall",
    "excuse_browser",
    "expire_attempts",
    "finish_attempts",
    "issue_pin",
    "journal_digest",
    "open_exam",
    "pause_exam",
    "prepare_exam",
    "renew_ticket",
    "rescore",
    "rescore_covered",
    "resume_exam",
    "retire_browser_key",
    "score_attempt",
    "score_finished",
    "see_browser",
    "send_message",
    "set_board",
    "sign_minutes",
    "start_exam",
    "submit",
    "watch_pulse",
]
