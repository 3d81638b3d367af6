"""Selections and their rules, formations, applicants, applications, sittings, seats and exam cards."""

from registration.models.applicants import Applicant, Application, Document
from registration.models.decisions import Objection, Verification, VerificationReason
from registration.models.formations import Formation, FormationEducation, Region, RegionPattern
from registration.models.registry import DocumentKind, PopulationRecord
from registration.models.schedule import ExamCard, Seat, Sitting
from registration.models.selections import NeedKind, PassingGrade, Phase, PositionCategory, RuleSet, Selection, Stage
from registration.models.work import Work

__all__ = [
    "Applicant",
    "Application",
    "Document",
    "DocumentKind",
    "ExamCard",
    "Formation",
    "FormationEducation",
    "NeedKind",
    "Objection",
    "PassingGrade",
    "Phase",
    "PopulationRecord",
    "PositionCategory",
    "Region",
    "RegionPattern",
    "RuleSet",
    "Seat",
    "Selection",
    "Sitting",
    "Stage",
    "Verification",
    "VerificationReason",
    "Work",
]
