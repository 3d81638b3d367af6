"""Ranked lines are frozen; of an announcement only its state may change."""

from django.db import migrations

from core.models.base import grant, revoke


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0001_initial"),
        ("core", "0002_privileges"),
    ]

    operations = [
        revoke(["results_rankline", "results_announcement"], "cat_web", "UPDATE"),
        grant("results_announcement", "cat_web", "UPDATE (state)"),
    ]
