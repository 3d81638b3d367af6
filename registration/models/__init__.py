"""Selections and their rules, formations, applicants, applications, sittings, seats and exam cards."""

from registration.models.applicants import Applicant, Application, Document
from registration.models.decisions import Objection, Verification
from registration.models.formations import Formation, FormationEducation, Region, RegionPattern
from registration.models.schedule import ExamCard, Seat, Sitting
from registration.models.selections import NeedKind, PassingGrade, Phase, RuleSet, Selection, Stage

__all__ = [
    "Applicant",
    "Application",
    "Document",
    "ExamCard",
    "Formation",
    "FormationEducation",
    "NeedKind",
    "Objection",
    "PassingGrade",
    "Phase",
    "Region",
    "RegionPattern",
    "RuleSet",
    "Seat",
    "Selection",
    "Sitting",
    "Stage",
    "Verification",
]
