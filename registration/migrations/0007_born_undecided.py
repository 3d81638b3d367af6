"""Verifications and objections are born undecided: a decided row cannot be written in one stroke."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0006_decided_by_two"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="objection",
            trigger=pgtrigger.compiler.Trigger(
                name="born_undecided",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."accepted" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="408c2161354c081c2152d39c0ef0fc96039de538",
                    operation="INSERT",
                    pgid="pgtrigger_born_undecided_09e6e",
                    table="registration_objection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="verification",
            trigger=pgtrigger.compiler.Trigger(
                name="born_undecided",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."confirmed" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="7863de10c90ab1403e4b58e4e2cd70428271e4c1",
                    operation="INSERT",
                    pgid="pgtrigger_born_undecided_08478",
                    table="registration_verification",
                    when="BEFORE",
                ),
            ),
        ),
    ]
