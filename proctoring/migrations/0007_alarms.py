# ruff: noqa: E501
"""Alarms advise a person: what was seen stays, the state follows its table, a decision has a note and a name."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.models.base
from core.models.base import grant, hold_guards, revoke


class Migration(migrations.Migration):
    dependencies = [
        ("cat_exam", "0011_locked_browser"),
        ("proctoring", "0006_guards_held"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alarm",
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
                            ("remote", "Pola dikerjakan dari luar"),
                            ("twins", "Jalur jawaban serupa"),
                            ("focus", "Keluar dari halaman ujian"),
                            ("place", "Alamat atau peramban berganti"),
                            ("sockets", "Dua peramban bergantian"),
                            ("browser", "Bukan peramban terkunci"),
                        ],
                        max_length=10,
                    ),
                ),
                ("facts", models.JSONField(default=dict, help_text="numbers only: proctoring.rules.anomaly")),
                ("strength", models.PositiveIntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("raised_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Baru"),
                            ("seen", "Dilihat"),
                            ("followed", "Ditindaklanjuti"),
                            ("dismissed", "Diabaikan"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_strength", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="cat_exam.attempt"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "exam",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="cat_exam.exam"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="proctoring.incident",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cat_exam.attempt",
                    ),
                ),
            ],
            options={
                "ordering": ["-last_at"],
                "indexes": [models.Index(fields=["exam", "state"], name="alarm_of_room")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("attempt", "kind", "other"), name="alarm_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("other__isnull", True), ("attempt__lt", models.F("other")), _connector="OR"
                        ),
                        name="alarm_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["remote", "twins", "focus", "place", "sockets", "browser"])),
                        name="alarm_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["new", "seen"]),
                            models.Q(
                                models.Q(("note", ""), _negated=True),
                                ("decided_by__isnull", False),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="alarm_decided_with_a_note",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alarm",
            trigger=pgtrigger.compiler.Trigger(
                name="born_new",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" IS DISTINCT FROM 'new')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="0131cab7f71babf9c08d5693ff71f49134d88633",
                    operation="INSERT",
                    pgid="pgtrigger_born_new_1c6f8",
                    table="proctoring_alarm",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alarm",
            trigger=pgtrigger.compiler.Trigger(
                name="alarm_lifecycle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{dismissed:followed,dismissed:new,followed:dismissed,new:dismissed,new:followed,new:seen,seen:dismissed,seen:followed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="2982df55b3d21cc40d1c73bddbf8870dab0d4885",
                    operation="UPDATE",
                    pgid="pgtrigger_alarm_lifecycle_a09dc",
                    table="proctoring_alarm",
                    when="BEFORE",
                ),
            ),
        ),
        hold_guards(),
        revoke("proctoring_alarm", "cat_web", "UPDATE"),
        grant(
            "proctoring_alarm",
            "cat_web",
            "UPDATE (facts, strength, last_at, state, note, incident_id, decided_by_id, decided_at, decided_strength)",
        ),
    ]
