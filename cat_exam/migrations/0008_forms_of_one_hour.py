"""A form whose key was given out is not drawn on again; it serves sittings of one hour only."""

from django.db import migrations

from core.models.base import revoke

GUARDS = """
CREATE FUNCTION cat_exam_hold_form(form uuid) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('cat_exam form ' || form::text, 0))
$$;
CREATE FUNCTION cat_exam_form_of_one_hour() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE other record;
BEGIN
    PERFORM cat_exam_hold_form(NEW.paper_id);
    PERFORM FROM cat_exam_exam e JOIN cat_exam_exampaper x ON x.exam_id = e.id
      WHERE x.paper_id = NEW.paper_id AND e.id <> NEW.exam_id ORDER BY e.id FOR SHARE OF e;
    FOR other IN
        SELECT e.state, e.started_at,
               s.starts_at < m.starts_at + m.minutes * interval '1 minute'
               AND m.starts_at < s.starts_at + s.minutes * interval '1 minute' AS meet
          FROM cat_exam_exampaper x
          JOIN cat_exam_exam e ON e.id = x.exam_id
          JOIN registration_sitting s ON s.id = e.sitting_id,
               cat_exam_exam n JOIN registration_sitting m ON m.id = n.sitting_id
         WHERE x.paper_id = NEW.paper_id AND e.id <> NEW.exam_id AND n.id = NEW.exam_id
    LOOP
        IF other.started_at IS NOT NULL OR other.state = 'running' THEN
            RAISE EXCEPTION 'the key of this form was given out at the start of another exam'
                USING ERRCODE = 'check_violation';
        ELSIF NOT other.meet THEN
            RAISE EXCEPTION 'this form serves a sitting of another hour' USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER form_of_one_hour BEFORE INSERT ON cat_exam_exampaper
    FOR EACH ROW EXECUTE FUNCTION cat_exam_form_of_one_hour();
ALTER TABLE cat_exam_attempt ADD CONSTRAINT attempt_paper_of_exam
    FOREIGN KEY (exam_id, paper_id) REFERENCES cat_exam_exampaper (exam_id, paper_id);
"""
BACK = """
ALTER TABLE cat_exam_attempt DROP CONSTRAINT attempt_paper_of_exam;
DROP TRIGGER form_of_one_hour ON cat_exam_exampaper;
DROP FUNCTION cat_exam_form_of_one_hour, cat_exam_hold_form;
"""


class Migration(migrations.Migration):
    dependencies = [("cat_exam", "0007_time_as_given")]

    operations = [
        migrations.RunSQL(GUARDS, BACK),
        revoke("cat_exam_exampaper", "cat_web", "UPDATE"),
    ]
