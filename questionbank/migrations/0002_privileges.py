"""The answer key is for the scorer alone; papers and items are for nobody who only reads."""

from django.db import migrations

from core.models.base import grant, revoke

SECRET = [
    "questionbank_itemversion",
    "questionbank_paper",
    "questionbank_paperkey",
    "questionbank_paperitem",
]


class Migration(migrations.Migration):
    dependencies = [
        ("questionbank", "0001_initial"),
        ("core", "0002_privileges"),
    ]

    operations = [
        revoke("questionbank_paperkey", "cat_web", "SELECT, UPDATE"),
        revoke(["questionbank_review", "questionbank_paperitem"], "cat_web", "UPDATE"),
        revoke(SECRET, "cat_read", "SELECT"),
        grant("questionbank_paperkey", "cat_score", "SELECT"),
        grant("questionbank_paper", "cat_score", "SELECT (id, blueprint_id, code, state, document)"),
    ]
