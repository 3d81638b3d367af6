"""Parts of a blueprint may be replaced until the first paper is drawn from it."""

# ruff: noqa: E501 - generated trigger code

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from core.models.base import grant


class Migration(migrations.Migration):
    dependencies = [
        ("questionbank", "0003_guards"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="blueprintpart",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed_by_papers",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF EXISTS (SELECT FROM questionbank_paper WHERE blueprint_id IN (OLD.blueprint_id, NEW.blueprint_id)) THEN RAISE EXCEPTION 'papers were drawn from this blueprint'; END IF; RETURN COALESCE(NEW, OLD);",
                    hash="5b1cf95c735089bb87b3292ac53b652db8156e31",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_fixed_by_papers_87ccb",
                    table="questionbank_blueprintpart",
                    when="BEFORE",
                ),
            ),
        ),
        grant("questionbank_blueprintpart", "cat_web", "DELETE"),
    ]
