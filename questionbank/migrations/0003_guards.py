"""Lifecycles, frozen content and frozen forms kept by the database too; what the scorer may read to know a form."""

# ruff: noqa: E501 - generated trigger code

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.models.base import grant


class Migration(migrations.Migration):
    dependencies = [
        ("questionbank", "0002_privileges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="enemies",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddIndex(
            model_name="itemversion",
            index=models.Index(fields=["digest"], name="item_version_digest"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="itemversion",
            trigger=pgtrigger.compiler.Trigger(
                name="lifecycle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:in_review,draft:retired,in_review:approved,in_review:draft,approved:in_use,approved:retired,in_use:retired}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="1ffce5a1e204e8494220c213a115936038e33c5d",
                    operation="UPDATE",
                    pgid="pgtrigger_lifecycle_8b9f9",
                    table="questionbank_itemversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="itemversion",
            trigger=pgtrigger.compiler.Trigger(
                name="born_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."state" IS DISTINCT FROM \'draft\' OR NEW."reviewer_id" IS NOT NULL OR NEW."approver_id" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="89906ccbe7bef33491dd0191d39ab3042c19c18f",
                    operation="INSERT",
                    pgid="pgtrigger_born_draft_5241c",
                    table="questionbank_itemversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="itemversion",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_content",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" IS DISTINCT FROM 'draft')",
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "item_id", "number", "language", "content", "digest", "writer_id" rows from % table\', TG_TABLE_NAME;',
                    hash="6d20d552ade66d7521548a1f5df338b6890eab9a",
                    operation='UPDATE OF "item_id", "number", "language", "content", "digest", "writer_id"',
                    pgid="pgtrigger_frozen_content_08715",
                    table="questionbank_itemversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="itemversion",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_hands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" IN ('approved', 'in_use', 'retired'))",
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "reviewer_id", "approver_id" rows from % table\', TG_TABLE_NAME;',
                    hash="bb00b5a2cb9507260fd0430057c40886b8fadf06",
                    operation='UPDATE OF "reviewer_id", "approver_id"',
                    pgid="pgtrigger_frozen_hands_d6467",
                    table="questionbank_itemversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="lifecycle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{drawn:sealed,drawn:withdrawn,sealed:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="ef2d77d033e980789ede7b19eeed6413f874a8fb",
                    operation="UPDATE",
                    pgid="pgtrigger_lifecycle_40568",
                    table="questionbank_paper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="born_drawn",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."state" IS DISTINCT FROM \'drawn\' OR NEW."sealed_by_id" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="a198371977bd1c85667abcfa45fbb9318a07b7fc",
                    operation="INSERT",
                    pgid="pgtrigger_born_drawn_86d40",
                    table="questionbank_paper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_form",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "blueprint_id", "code", "document", "digest", "bundle", "bundle_sha256", "bundle_key", "drawn_by_id", "drawn_at" rows from % table\', TG_TABLE_NAME;',
                    hash="80ef628224d2b5c634a290c208a46c6ebe464922",
                    operation='UPDATE OF "blueprint_id", "code", "document", "digest", "bundle", "bundle_sha256", "bundle_key", "drawn_by_id", "drawn_at"',
                    pgid="pgtrigger_frozen_form_32c57",
                    table="questionbank_paper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" IS DISTINCT FROM 'drawn')",
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "seal_kid", "seal_signature", "sealed_at", "sealed_by_id" rows from % table\', TG_TABLE_NAME;',
                    hash="e8fb2133ae5dce609992848098879c12c1140a74",
                    operation='UPDATE OF "seal_kid", "seal_signature", "sealed_at", "sealed_by_id"',
                    pgid="pgtrigger_sealed_once_14e82",
                    table="questionbank_paper",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["draft", "in_review"])),
                fields=("item", "language"),
                name="item_one_open",
            ),
        ),
        grant(
            "questionbank_paper",
            "cat_score",
            "SELECT (digest, seal_kid, seal_signature, sealed_at, drawn_at, drawn_by_id, sealed_by_id)",
        ),
        grant("questionbank_paperitem", "cat_score", "SELECT"),
        grant("questionbank_itemstatistic", "cat_score", "SELECT, INSERT"),
    ]
