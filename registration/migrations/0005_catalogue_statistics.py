"""Whoever takes a catalogue in may refresh what the planner knows of it; a search without that takes minutes."""

from django.db import migrations

from core.models.base import grant


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0004_desk_guards"),
    ]

    operations = [
        grant(["registration_formation", "registration_formationeducation"], "cat_web", "MAINTAIN"),
    ]
