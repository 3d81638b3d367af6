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
from registration.actions.catalogue import (
    ImportReport,
    import_catalogue,
)
from registration.actions.documents import (
    add_document,
    too_big,
)
from registration.actions.rules_data import RulesReport, load_rules

__all__ = [
    "Identity",
    "ImportReport",
    "RulesReport",
    "add_document",
    "agree_and_submit",
    "choose_centre",
    "choose_formation",
    "import_catalogue",
    "load_population",
    "load_rules",
    "refuse_faulty",
    "save_details",
    "sign_up",
    "too_big",
    "withdraw",
]
