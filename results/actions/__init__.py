"""Everything that changes in this room: ranking runs, announcements, objections."""

from results.actions.announcements import publish
from results.actions.objections import decide_objection, lodge_objection
from results.actions.runs import approve_run, check_run, compute, reject_run

__all__ = ["approve_run", "check_run", "compute", "decide_objection", "lodge_objection", "publish", "reject_run"]
