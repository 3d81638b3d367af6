# ruff: noqa: E501
"""A fault of card, photo or document at the door is overridden by two officers of the room, or not at all."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("cat_exam", "0001_initial"),
        ("proctoring", "0004_minutes_by_two"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentityOverride",
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
                    "fault",
                    models.CharField(
                        choices=[
                            ("card", "Kartu ujian tidak cocok atau rusak"),
                            ("photo", "Wajah berbeda dari foto pada berkas"),
                            ("document", "Data pada dokumen identitas berbeda"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("method", models.CharField(choices=[("qr", "QR kartu"), ("number", "Nomor kartu")], max_length=10)),
                (
                    "identity_document",
                    models.CharField(
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
                ("asked_at", models.DateTimeField()),
                (
                    "confirmed",
                    models.BooleanField(help_text="None: waiting; False: refused or taken back", null=True),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, help_text="words of who decided", max_length=500)),
            ],
            options={
                "ordering": ["asked_at"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="checkin",
            trigger=pgtrigger.compiler.Trigger(
                name="as_decided",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NEW.override_by_id IS NOT NULL AND NOT EXISTS (\n    SELECT FROM proctoring_identityoverride o\n     WHERE o.attempt_id = NEW.attempt_id AND o.confirmed AND o.asked_by_id = NEW.by_id\n       AND o.decided_by_id = NEW.override_by_id\n) THEN\n    RAISE EXCEPTION 'no other officer confirmed this override' USING ERRCODE = 'check_violation';\nEND IF;\nIF NEW.override_by_id IS NULL AND EXISTS (\n    SELECT FROM proctoring_identityoverride o\n     WHERE o.attempt_id = NEW.attempt_id\n       AND (o.confirmed IS DISTINCT FROM false OR (o.decided_by_id <> o.asked_by_id AND o.asked_by_id = NEW.by_id))\n) THEN\n    RAISE EXCEPTION 'an override of this candidate was asked for' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="aee51fb44832790f0b756594627aad0e0971c22d",
                    operation="INSERT",
                    pgid="pgtrigger_as_decided_c08c6",
                    table="proctoring_checkin",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="identityoverride",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="identityoverride",
            name="attempt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="cat_exam.attempt"
            ),
        ),
        migrations.AddField(
            model_name="identityoverride",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="identityoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed", True), _negated=True),
                    models.Q(("asked_by", models.F("decided_by")), _negated=True),
                    _connector="OR",
                ),
                name="override_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed__isnull", True), ("decided_at__isnull", True), ("decided_by__isnull", True)),
                    models.Q(
                        ("confirmed__isnull", False), ("decided_at__isnull", False), ("decided_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="override_decision_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="override_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="identityoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(("fault__in", ["card", "photo", "document"])), name="override_fault"
            ),
        ),
        migrations.AddConstraint(
            model_name="identityoverride",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed__isnull", True)), fields=("attempt",), name="override_one_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="identityoverride",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed", True)), fields=("attempt",), name="override_one_confirmed"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identityoverride",
            trigger=pgtrigger.compiler.Trigger(
                name="born_waiting",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."confirmed" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="d683885579cfbef66c72110f1fb1478ee97f10a7",
                    operation="INSERT",
                    pgid="pgtrigger_born_waiting_f2549",
                    table="proctoring_identityoverride",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identityoverride",
            trigger=pgtrigger.compiler.Trigger(
                name="asked_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."attempt_id" IS DISTINCT FROM (NEW."attempt_id") OR OLD."fault" IS DISTINCT FROM (NEW."fault") OR OLD."identity_document" IS DISTINCT FROM (NEW."identity_document") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."reason" IS DISTINCT FROM (NEW."reason"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="d3239b738a93d47bad5d9992cfe5ffe217d5e7a7",
                    operation="UPDATE",
                    pgid="pgtrigger_asked_once_3d979",
                    table="proctoring_identityoverride",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identityoverride",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."confirmed" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e356f6c3f10da91063a0064e900a42a1460836f0",
                    operation="UPDATE",
                    pgid="pgtrigger_decided_once_2896b",
                    table="proctoring_identityoverride",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identityoverride",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_in_the_room",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NEW.confirmed AND NOT EXISTS (\n    SELECT FROM cat_exam_attempt a\n      JOIN cat_exam_exam e ON e.id = a.exam_id\n      JOIN registration_sitting s ON s.id = e.sitting_id\n      JOIN core_room r ON r.id = s.room_id\n      JOIN core_rolegrant g ON g.user_id = NEW.decided_by_id\n     WHERE a.id = NEW.attempt_id AND g.role IN ('proctor', 'coordinator')\n       AND g.approved_by_id IS NOT NULL AND g.revoked_at IS NULL AND g.valid_from <= clock_timestamp()\n       AND (g.valid_to IS NULL OR g.valid_to > clock_timestamp())\n       AND (g.centre_id = r.centre_id OR (g.centre_id IS NULL AND g.agency_id IS NULL))\n) THEN\n    RAISE EXCEPTION 'who confirms has no role in this room' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="7f4f786d14dd9e79e3961668014d317528210f81",
                    operation="UPDATE",
                    pgid="pgtrigger_decided_in_the_room_ce901",
                    table="proctoring_identityoverride",
                    when="BEFORE",
                ),
            ),
        ),
    ]
