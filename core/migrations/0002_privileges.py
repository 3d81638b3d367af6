"""What the database roles may do with people, places and the trail, and with the libraries' tables."""

from django.db import migrations

from core.models.base import grant, revoke

#: Tables of libraries that delete their own rows in ordinary work; nothing of record is among them.
LIBRARIES = [
    "django_session",
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
]


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("sessions", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        revoke(["core_trailentry", "core_checkpoint"], "cat_web", "UPDATE"),
        grant(["core_trailentry"], "cat_score", "SELECT, INSERT"),
        grant(["core_testcentre", "core_room"], "cat_score", "SELECT"),
        grant(LIBRARIES, "cat_web", "DELETE"),
        revoke(["core_user", "django_session", "mfa_authenticator"], "cat_read", "SELECT"),
        grant("core_user", "cat_read", "SELECT (id, kind, full_name, is_active, created_at)"),
    ]
