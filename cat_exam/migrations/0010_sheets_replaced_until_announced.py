"""A score sheet replaces the newest one of its own attempt, and only until the results are announced."""

from django.db import migrations, models

from core.models.base import grant

# The owner's rights: the scorer may not lock an exam, and must wait for an announcement under way.
GUARDS = """
CREATE FUNCTION cat_exam_guard_sheet() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE announced timestamptz;
BEGIN
    IF NOT EXISTS (SELECT FROM cat_exam_scoresheet s WHERE s.id = NEW.replaces_id AND s.attempt_id = NEW.attempt_id)
    THEN
        RAISE EXCEPTION 'a score sheet replaces one of its own attempt' USING ERRCODE = 'check_violation';
    END IF;
    SELECT e.announced_at INTO announced
      FROM cat_exam_exam e JOIN cat_exam_attempt a ON a.exam_id = e.id
     WHERE a.id = NEW.attempt_id FOR SHARE OF e;
    IF announced IS NOT NULL THEN
        RAISE EXCEPTION 'the results are announced: no score sheet is replaced any more'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER replaced_until_announced BEFORE INSERT ON cat_exam_scoresheet FOR EACH ROW
    WHEN (NEW.replaces_id IS NOT NULL) EXECUTE FUNCTION cat_exam_guard_sheet();

CREATE FUNCTION cat_exam_announced_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'results are announced once' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER announced_once BEFORE UPDATE OF announced_at ON cat_exam_exam FOR EACH ROW
    WHEN (OLD.announced_at IS NOT NULL AND NEW.announced_at IS DISTINCT FROM OLD.announced_at)
    EXECUTE FUNCTION cat_exam_announced_once();
"""
BACK = """
DROP TRIGGER replaced_until_announced ON cat_exam_scoresheet;
DROP TRIGGER announced_once ON cat_exam_exam;
DROP FUNCTION cat_exam_guard_sheet, cat_exam_announced_once;
"""


class Migration(migrations.Migration):
    dependencies = [("cat_exam", "0009_live_board"), ("core", "0004_role_grants_guarded")]

    operations = [
        migrations.AddField(
            model_name="exam",
            name="announced_at",
            field=models.DateTimeField(
                blank=True, help_text="from here on no score sheet is replaced", null=True
            ),
        ),
        migrations.RunSQL(GUARDS, BACK),
        grant("core_room", "cat_score", "SELECT (id, centre_id)"),
    ]
