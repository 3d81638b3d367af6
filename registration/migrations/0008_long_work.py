# ruff: noqa: E501
"""Long work: one row a piece, at most one open for each selection, told while it runs."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.models.base
from core.models.base import revoke


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0007_born_undecided"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Work",
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
                        choices=[
                            ("catalogue", "Impor katalog formasi"),
                            ("schedule", "Penjadwalan peserta"),
                            ("cards", "Penerbitan kartu ujian"),
                        ],
                        max_length=10,
                    ),
                ),
                ("check_only", models.BooleanField(default=False, help_text="look for faults, write nothing")),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("content", models.BinaryField(help_text="the file, until the work is over", null=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "menunggu giliran"),
                            ("running", "sedang berjalan"),
                            ("done", "selesai"),
                            ("refused", "ditolak"),
                            ("failed", "gagal"),
                            ("cancelled", "dibatalkan"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("step", models.CharField(blank=True, max_length=20)),
                ("done", models.PositiveIntegerField(default=0, help_text="of this step")),
                ("total", models.PositiveIntegerField(default=0, help_text="of this step")),
                ("began_at", models.DateTimeField(blank=True, null=True)),
                ("step_began_at", models.DateTimeField(blank=True, null=True)),
                (
                    "beat_at",
                    models.DateTimeField(blank=True, help_text="last word of the process that is at it", null=True),
                ),
                ("cancel_asked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("code", models.CharField(blank=True, help_text="why it was refused or failed", max_length=40)),
                ("text", models.CharField(blank=True, help_text="the same in words", max_length=1000)),
                ("result", models.JSONField(default=dict, help_text="counts")),
                (
                    "faults",
                    models.JSONField(default=list, help_text="[row, column, code, value] of each wrong place"),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
            },
        ),
        migrations.AddField(
            model_name="work",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="work",
            name="selection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="works", to="registration.selection"
            ),
        ),
        migrations.AddField(
            model_name="work",
            name="stage",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="works",
                to="registration.stage",
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "running"])),
                fields=("selection",),
                name="work_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "catalogue"), ("stage__isnull", True)),
                    models.Q(("kind__in", ["schedule", "cards"]), ("stage__isnull", False)),
                    _connector="OR",
                ),
                name="work_stage_by_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state__in", ["waiting", "running"])),
                    models.Q(("ended_at__isnull", False), ("state__in", ["done", "refused", "failed", "cancelled"])),
                    _connector="OR",
                ),
                name="work_end_whole",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="work",
            trigger=pgtrigger.compiler.Trigger(
                name="born_waiting",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (NEW.\"state\" = 'waiting'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="4d3fa8a146c2d41adecf14dbb2617d6d9583bd88",
                    operation="INSERT",
                    pgid="pgtrigger_born_waiting_bfd10",
                    table="registration_work",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="work",
            trigger=pgtrigger.compiler.Trigger(
                name="life",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{waiting:cancelled,waiting:failed,waiting:running,running:cancelled,running:done,running:failed,running:refused}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="f5d2ec49a1fbd27ed7ae47ca570b6ffd38b9d18d",
                    operation="UPDATE",
                    pgid="pgtrigger_life_3e197",
                    table="registration_work",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="work",
            trigger=pgtrigger.compiler.Trigger(
                name="asked_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."check_only" IS DISTINCT FROM (NEW."check_only") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."selection_id" IS DISTINCT FROM (NEW."selection_id") OR OLD."stage_id" IS DISTINCT FROM (NEW."stage_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5105027e07ea6ad76a95a0ff312aa29801c17b79",
                    operation="UPDATE",
                    pgid="pgtrigger_asked_once_03b3d",
                    table="registration_work",
                    when="BEFORE",
                ),
            ),
        ),
        revoke("registration_work", "cat_read", "SELECT"),
    ]
