"""PDFs of the room are registered; what was shown at the door is one of four documents; both stay as written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.models.base
from core.models.base import revoke


class Migration(migrations.Migration):
    dependencies = [
        ("cat_exam", "0001_initial"),
        ("proctoring", "0002_privileges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RoomPaper",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("minutes", "Berita acara"), ("results", "Daftar hasil sesi")], max_length=10
                    ),
                ),
                ("path", models.CharField(help_text="under the media root", max_length=200, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(help_text="bytes")),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-made_at"],
            },
        ),
        migrations.AlterField(
            model_name="checkin",
            name="identity_document",
            field=models.CharField(
                choices=[
                    ("ktp", "KTP-el"),
                    ("kk", "Kartu Keluarga asli atau legalisir"),
                    ("passport", "Paspor"),
                    ("letter", "Surat keterangan perekaman KTP-el"),
                ],
                help_text="what was shown",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(("identity_document__in", ["ktp", "kk", "passport", "letter"])),
                name="check_in_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="timerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("refused_at__isnull", True), ("refused_by__isnull", True)),
                    models.Q(("refused_at__isnull", False), ("refused_by__isnull", False)),
                    _connector="OR",
                ),
                name="time_refusal_whole",
            ),
        ),
        migrations.AddField(
            model_name="roompaper",
            name="exam",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="room_papers", to="cat_exam.exam"
            ),
        ),
        migrations.AddField(
            model_name="roompaper",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        revoke(["proctoring_roompaper", "proctoring_checkin"], "cat_web", "UPDATE"),
    ]
