"""Role grants: asked before approved, a request never rewritten, a decision taken once, nothing deleted."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_sign_in_and_station_codes"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="asked_first",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."approved_by_id" IS NOT NULL OR NEW."revoked_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="a603a6d11a9688b956b29b19ba09b5c50045ca42",
                    operation="INSERT",
                    pgid="pgtrigger_asked_first_6f74c",
                    table="core_rolegrant",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="request_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition=(
                        'WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id")'
                        ' OR OLD."centre_id" IS DISTINCT FROM (NEW."centre_id")'
                        ' OR OLD."granted_by_id" IS DISTINCT FROM (NEW."granted_by_id")'
                        ' OR OLD."role" IS DISTINCT FROM (NEW."role")'
                        ' OR OLD."user_id" IS DISTINCT FROM (NEW."user_id")'
                        ' OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from")'
                        ' OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to"))'
                    ),
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b78f8d6c9e2e2cca67eb6df02b07f1889455a457",
                    operation="UPDATE",
                    pgid="pgtrigger_request_frozen_aaa5c",
                    table="core_rolegrant",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition=(
                        'WHEN (OLD."approved_by_id" IS NOT NULL'
                        ' AND (NEW."approved_by_id" IS DISTINCT FROM (OLD."approved_by_id")'
                        ' OR NEW."approved_at" IS DISTINCT FROM (OLD."approved_at")))'
                    ),
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="6b1086eb24fb772e88ae5240e0f7b987413d85d8",
                    operation="UPDATE",
                    pgid="pgtrigger_decided_once_9ee0c",
                    table="core_rolegrant",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="revoked_for_good",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition=(
                        'WHEN (OLD."revoked_at" IS NOT NULL'
                        ' AND (NEW."revoked_at" IS DISTINCT FROM (OLD."revoked_at")'
                        ' OR NEW."approved_by_id" IS DISTINCT FROM (OLD."approved_by_id")))'
                    ),
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="fadb949c937fc3caf7affdabe2dc23254cf6cb93",
                    operation="UPDATE",
                    pgid="pgtrigger_revoked_for_good_3fcb5",
                    table="core_rolegrant",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="73af14eb7c60c9cb9d256fb4727cabd3ddc473ad",
                    operation="DELETE",
                    pgid="pgtrigger_kept_2e31f",
                    table="core_rolegrant",
                    when="BEFORE",
                ),
            ),
        ),
    ]
