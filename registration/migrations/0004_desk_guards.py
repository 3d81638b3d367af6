# ruff: noqa: E501
"""The desk's side: guards of verification, objection, seats and sittings; reasons and position categories."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.models.base import grant

NUMBER_ONCE = """
CREATE FUNCTION registration_number_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number THEN
        RAISE EXCEPTION 'a participant number is given once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER number_once BEFORE UPDATE OF number ON registration_application
    FOR EACH ROW EXECUTE FUNCTION registration_number_once();
"""
NUMBER_ANY = """
DROP TRIGGER number_once ON registration_application;
DROP FUNCTION registration_number_once();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0003_portal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PositionCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pattern",
                    models.CharField(help_text="upper case, compared with the position by LIKE", max_length=200),
                ),
                ("category", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="VerificationReason",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("order", models.PositiveSmallIntegerField(unique=True)),
                ("text", models.CharField(max_length=200)),
                ("text_en", models.CharField(max_length=200)),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objection",
            trigger=pgtrigger.compiler.Trigger(
                name="other_officer",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'UPDATE' THEN\n    IF OLD.decided_by_id IS NOT NULL THEN\n        RAISE EXCEPTION 'a decided objection does not change' USING ERRCODE = 'check_violation';\n    END IF;\n    IF (NEW.application_id, NEW.answers, NEW.lodged_at)\n       IS DISTINCT FROM (OLD.application_id, OLD.answers, OLD.lodged_at) THEN\n        RAISE EXCEPTION 'a lodged objection does not change' USING ERRCODE = 'check_violation';\n    END IF;\nEND IF;\nIF NEW.decided_by_id IS NOT NULL AND EXISTS (\n    SELECT FROM registration_verification v\n     WHERE v.application_id = NEW.application_id AND NEW.decided_by_id IN (v.verifier_id, v.supervisor_id)\n) THEN\n    RAISE EXCEPTION 'an objection is decided by an officer who took no part in the verification'\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="8acee3854edf836ab6a3dd6622c538ec5b04b4c6",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_other_officer_60722",
                    table="registration_objection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seat",
            trigger=pgtrigger.compiler.Trigger(
                name="capacity_at_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nPERFORM FROM registration_sitting s\n  WHERE s.id IN (SELECT sitting_id FROM new_seats) ORDER BY s.id FOR NO KEY UPDATE;\nIF EXISTS (\n    SELECT FROM registration_sitting s\n     WHERE s.id IN (SELECT sitting_id FROM new_seats)\n       AND (SELECT count(*) FROM registration_seat x WHERE x.sitting_id = s.id) > s.capacity\n) THEN\n    RAISE EXCEPTION 'more seats than the sitting has' USING ERRCODE = 'check_violation';\nEND IF;\nIF EXISTS (\n    SELECT FROM new_seats n JOIN registration_sitting s ON s.id = n.sitting_id WHERE n.stage_id <> s.stage_id\n) THEN\n    RAISE EXCEPTION 'a seat belongs to the stage of its sitting' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n",
                    hash="2e03920140d5396b43d921c5ea6e008dc14f0426",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_capacity_at_insert_6a0c5",
                    referencing="REFERENCING NEW TABLE AS new_seats ",
                    table="registration_seat",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seat",
            trigger=pgtrigger.compiler.Trigger(
                name="capacity_at_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nPERFORM FROM registration_sitting s\n  WHERE s.id IN (SELECT sitting_id FROM new_seats) ORDER BY s.id FOR NO KEY UPDATE;\nIF EXISTS (\n    SELECT FROM registration_sitting s\n     WHERE s.id IN (SELECT sitting_id FROM new_seats)\n       AND (SELECT count(*) FROM registration_seat x WHERE x.sitting_id = s.id) > s.capacity\n) THEN\n    RAISE EXCEPTION 'more seats than the sitting has' USING ERRCODE = 'check_violation';\nEND IF;\nIF EXISTS (\n    SELECT FROM new_seats n JOIN registration_sitting s ON s.id = n.sitting_id WHERE n.stage_id <> s.stage_id\n) THEN\n    RAISE EXCEPTION 'a seat belongs to the stage of its sitting' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n",
                    hash="d28de981d2972671247c9ee3ed357b80550045a4",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_capacity_at_update_fb409",
                    referencing="REFERENCING NEW TABLE AS new_seats ",
                    table="registration_seat",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sitting",
            trigger=pgtrigger.compiler.Trigger(
                name="fits_room",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NEW.capacity > (SELECT capacity FROM core_room WHERE id = NEW.room_id) THEN\n    RAISE EXCEPTION 'the sitting is larger than its room' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="f77328e34a92209e6ff2b71cd922d088eeceb87b",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_fits_room_4c0ad",
                    table="registration_sitting",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="verification",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF OLD.confirmed IS NOT NULL THEN\n    RAISE EXCEPTION 'a decided verification does not change' USING ERRCODE = 'check_violation';\nEND IF;\nIF (NEW.application_id, NEW.verdict, NEW.reasons, NEW.note, NEW.verifier_id, NEW.proposed_at)\n   IS DISTINCT FROM (OLD.application_id, OLD.verdict, OLD.reasons, OLD.note, OLD.verifier_id, OLD.proposed_at) THEN\n    RAISE EXCEPTION 'a proposed verification does not change' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="cffeb4e5570e172790959624213115a2299181df",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_b2b92",
                    table="registration_verification",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted__isnull", True), ("decided_at__isnull", True), ("decided_by__isnull", True)),
                    models.Q(
                        ("accepted__isnull", False), ("decided_at__isnull", False), ("decided_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="objection_decision_whole",
            ),
        ),
        migrations.AddField(
            model_name="positioncategory",
            name="ruleset",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="position_categories",
                to="registration.ruleset",
            ),
        ),
        migrations.AddConstraint(
            model_name="positioncategory",
            constraint=models.UniqueConstraint(fields=("ruleset", "pattern"), name="position_pattern"),
        ),
        migrations.RunSQL(NUMBER_ONCE, NUMBER_ANY),
        grant("registration_positioncategory", "cat_score", "SELECT"),
    ]
