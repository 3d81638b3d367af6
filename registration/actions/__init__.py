"""What changes the world in this room: every function takes ``by`` and ``now`` and leaves a trail line."""

from registration.actions.applicants import (
    Identity,
    load_population,
    refuse_faulty,
    sign_up,
)
from registration.actions.applications import (
    agree_and_submit,
    choose_centre,
    choose_formation,
    save_details,
    withdraw,
)
from registration.actions.cards import (
    issue_cards,
)
from registration.actions.catalogue import (
    ImportReport,
    import_catalogue,
)
from registration.actions.documents import (
    add_document,
    too_big,
)
from registration.actions.rules_data import RulesReport, load_rules
from registration.actions.schedule import (
    Report,
    schedule_stage,
)
from registration.actions.selections import (
    create_sitting,
    open_phase_now,
    save_phase,
    save_selection,
    save_stage,
)
from registration.actions.verification import (
    confirm_verification,
    decide_objection,
    lodge_objection,
    propose_verification,
    return_verification,
)
from registration.actions.work import (
    ask_work,
    cancel_work,
    end_work,
    take_work,
    telling,
)

__all__ = [
    "Identity",
    "ImportReport",
    "Report",
    "RulesReport",
    "add_document",
    "agree_and_submit",
    "ask_work",
    "cancel_work",
    "choose_centre",
    "choose_formation",
    "confirm_verification",
    "create_sitting",
    "decide_objection",
    "end_work",
    "import_catalogue",
    "issue_cards",
    "load_population",
    "load_rules",
    "lodge_objection",
    "open_phase_now",
    "propose_verification",
    "refuse_faulty",
    "return_verification",
    "save_details",
    "save_phase",
    "save_selection",
    "save_stage",
    "schedule_stage",
    "sign_up",
    "take_work",
    "telling",
    "too_big",
    "withdraw",
]
