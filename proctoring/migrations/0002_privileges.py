"""What happened in a room stays as it was written."""

from django.db import migrations

from core.models.base import revoke


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0001_initial"),
        ("core", "0002_privileges"),
    ]

    operations = [
        revoke("proctoring_incident", "cat_web", "UPDATE"),
    ]
