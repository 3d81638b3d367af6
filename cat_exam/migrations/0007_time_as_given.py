"""Base time and accommodation are what the sitting and the application give, once an attempt."""

from django.db import migrations, models

GUARD = """
CREATE FUNCTION cat_exam_time_as_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE given integer;
BEGIN
    SELECT CASE
               WHEN NEW.kind = 'base' THEN s.minutes * 60
               WHEN p.visually_impaired THEN (s.minutes_visual - s.minutes) * 60
           END
      INTO given
      FROM cat_exam_attempt a
      JOIN cat_exam_exam e ON e.id = a.exam_id
      JOIN registration_sitting s ON s.id = e.sitting_id
      JOIN registration_application p ON p.id = a.application_id
     WHERE a.id = NEW.attempt_id;
    IF given IS DISTINCT FROM NEW.seconds OR NEW.approved_at IS NULL THEN
        RAISE EXCEPTION 'base time and accommodation are as the sitting says' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER time_as_given BEFORE INSERT ON cat_exam_timegrant FOR EACH ROW
    WHEN (NEW.kind <> 'credit') EXECUTE FUNCTION cat_exam_time_as_given();
"""
BACK = """
DROP TRIGGER time_as_given ON cat_exam_timegrant;
DROP FUNCTION cat_exam_time_as_given;
"""


class Migration(migrations.Migration):
    dependencies = [("cat_exam", "0006_removed_by_two")]

    operations = [
        migrations.AddConstraint(
            model_name="timegrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "credit"), _negated=True),
                fields=("attempt", "kind"),
                name="grant_given_once",
            ),
        ),
        migrations.RunSQL(GUARD, BACK),
    ]
