"""Wrong tries counted per account; enrolment codes typed once at a PC."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.models.base import grant, revoke


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_privileges"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("failures", models.PositiveIntegerField()),
                ("last_at", models.DateTimeField()),
                ("closed_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StationCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=20)),
                ("code_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.room"),
                ),
                (
                    "station",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.station",
                    ),
                ),
            ],
        ),
        revoke(["core_signintally", "core_stationcode"], "cat_read", "SELECT"),
        grant("core_signintally", "cat_web", "DELETE"),
    ]
