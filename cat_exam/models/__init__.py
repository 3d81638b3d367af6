"""Exams, attempts, the journal, the time ledger, notices and what leaves the hall: score sheets, rolls, minutes."""

from cat_exam.models.attempts import Attempt, Exam, ExamPaper
from cat_exam.models.browsers import BrowserExcuse, BrowserKey, BrowserSeen
from cat_exam.models.journal import JournalLine
from cat_exam.models.ledger import HallClock, Heartbeat, Pause, TimeGrant
from cat_exam.models.notices import Notice
from cat_exam.models.papers import Minutes, Roll, ScoreSheet
from cat_exam.models.proposals import Proposal, decided_by_two
from cat_exam.models.removals import Removal

__all__ = [
    "Attempt",
    "BrowserExcuse",
    "BrowserKey",
    "BrowserSeen",
    "Exam",
    "ExamPaper",
    "HallClock",
    "Heartbeat",
    "JournalLine",
    "Minutes",
    "Notice",
    "Pause",
    "Proposal",
    "Removal",
    "Roll",
    "ScoreSheet",
    "TimeGrant",
    "decided_by_two",
]
