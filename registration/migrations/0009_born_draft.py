"""An application is born a draft; and no login can ask a guard of the database to look away."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from core.models.base import hold_guards


class Migration(migrations.Migration):
    dependencies = [("registration", "0008_long_work")]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="born_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" IS DISTINCT FROM 'draft')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="a9cd189a1e7bc89e860680de84f187d7eef6267a",
                    operation="INSERT",
                    pgid="pgtrigger_born_draft_704fc",
                    table="registration_application",
                    when="BEFORE",
                ),
            ),
        ),
        hold_guards(),
    ]
