"""What the database roles may do with applications, seats and cards."""

from django.db import migrations

from core.models.base import grant, revoke

#: What the scorer reads to say whether each passing grade is met; no table with a name in it.
FOR_THE_SCORER = [
    "registration_application",
    "registration_formation",
    "registration_needkind",
    "registration_passinggrade",
    "registration_ruleset",
    "registration_selection",
    "registration_stage",
    "registration_sitting",
    "registration_seat",
]


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0001_initial"),
        ("core", "0002_privileges"),
    ]

    operations = [
        revoke("registration_examcard", "cat_web", "UPDATE"),
        grant(FOR_THE_SCORER, "cat_score", "SELECT"),
        revoke("registration_applicant", "cat_read", "SELECT"),
        grant(
            "registration_applicant",
            "cat_read",
            "SELECT (id, selection_id, full_name, birth_date, created_at)",
        ),
    ]
