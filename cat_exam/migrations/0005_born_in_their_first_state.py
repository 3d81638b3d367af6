"""Exams and attempts are born in the first state of their lives; no guard can be asked to look away."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from core.models.base import hold_guards

REFUSED = "RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;"


class Migration(migrations.Migration):
    # The newest guards of the rooms below come first, so that the last step closes the gap for all of them.
    dependencies = [
        ("cat_exam", "0004_time_by_two"),
        ("core", "0004_role_grants_guarded"),
        ("registration", "0009_born_draft"),
        ("questionbank", "0004_blueprint_parts"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="attempt",
            trigger=pgtrigger.compiler.Trigger(
                name="born_expected",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" IS DISTINCT FROM 'expected')",
                    func=REFUSED,
                    hash="d7c5960a1bddea4f99089887af42a643cfa516d5",
                    operation="INSERT",
                    pgid="pgtrigger_born_expected_e0b6c",
                    table="cat_exam_attempt",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exam",
            trigger=pgtrigger.compiler.Trigger(
                name="born_prepared",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" IS DISTINCT FROM 'prepared')",
                    func=REFUSED,
                    hash="1e02a477b854cffd2da271bde9acc07df2bcb2f0",
                    operation="INSERT",
                    pgid="pgtrigger_born_prepared_22b4c",
                    table="cat_exam_exam",
                    when="BEFORE",
                ),
            ),
        ),
        hold_guards(),
    ]
