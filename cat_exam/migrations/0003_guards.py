"""The lives of exams and attempts guarded by the database, and the indexes of tickets and of the scorer."""
# ruff: noqa: E501

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from core.models.base import grant


class Migration(migrations.Migration):
    dependencies = [("cat_exam", "0002_journal")]

    operations = [
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("state__in", ["submitted", "expired"])),
                fields=["finished_at"],
                name="attempt_to_score",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("ticket__isnull", False)), fields=["ticket"], name="attempt_ticket"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attempt",
            trigger=pgtrigger.compiler.Trigger(
                name="attempt_lifecycle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{absent:disqualified,absent:voided,admitted:absent,admitted:disqualified,admitted:running,admitted:voided,disqualified:voided,expected:absent,expected:admitted,expected:disqualified,expected:voided,expired:disqualified,expired:scored,expired:voided,paused:disqualified,paused:expired,paused:running,paused:submitted,paused:voided,running:disqualified,running:expired,running:paused,running:submitted,running:voided,scored:disqualified,scored:voided,submitted:disqualified,submitted:scored,submitted:voided}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="e6f440ac694e117b22762001ba4a6a0af60307ad",
                    operation="UPDATE",
                    pgid="pgtrigger_attempt_lifecycle_c73d4",
                    table="cat_exam_attempt",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exam",
            trigger=pgtrigger.compiler.Trigger(
                name="exam_lifecycle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:closed,open:running,prepared:open,running:closed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="6f5e4e7056f7100ad9a44c8b076a15e4b2b10b18",
                    operation="UPDATE",
                    pgid="pgtrigger_exam_lifecycle_f8ad5",
                    table="cat_exam_exam",
                    when="BEFORE",
                ),
            ),
        ),
        grant("cat_exam_hallclock", "cat_score", "INSERT"),
    ]
