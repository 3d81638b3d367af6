"""Pictures at the door are kept as they were taken."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.models.base
from core.models.base import revoke


class Migration(migrations.Migration):
    dependencies = [
        ("cat_exam", "0011_locked_browser"),
        ("proctoring", "0008_seat_moves"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckInPicture",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=core.models.base.UUIDv7(),
                        default=core.models.base.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("path", models.CharField(help_text="under the media root; ciphertext", max_length=200, unique=True)),
                ("sha256", models.CharField(help_text="of the picture before encryption", max_length=64)),
                ("size", models.PositiveIntegerField(help_text="bytes before encryption")),
                ("advice", models.JSONField(blank=True, default=dict)),
                ("at", models.DateTimeField()),
                ("keep_until", models.DateField()),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pictures", to="cat_exam.attempt"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        revoke("proctoring_checkinpicture", "cat_web", "UPDATE"),
    ]
