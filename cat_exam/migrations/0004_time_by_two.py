"""A credit is born unapproved, a grant never changes but by its one approval, minutes are born with one signature."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION cat_exam_guard_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.kind = 'credit' AND (NEW.approved_at IS NOT NULL OR NEW.approver_id IS NOT NULL) THEN
            RAISE EXCEPTION 'a time credit is born unapproved' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF (NEW.id, NEW.kind, NEW.seconds, NEW.attempt_id, NEW.exam_id, NEW.centre_id, NEW.day, NEW.reason,
           NEW.author_id, NEW.asked_at)
          IS DISTINCT FROM
          (OLD.id, OLD.kind, OLD.seconds, OLD.attempt_id, OLD.exam_id, OLD.centre_id, OLD.day, OLD.reason,
           OLD.author_id, OLD.asked_at) THEN
        RAISE EXCEPTION 'a time grant never changes' USING ERRCODE = 'check_violation';
    ELSIF OLD.approved_at IS NOT NULL
          AND (NEW.approved_at, NEW.approver_id) IS DISTINCT FROM (OLD.approved_at, OLD.approver_id) THEN
        RAISE EXCEPTION 'a time grant is approved once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved_once BEFORE INSERT OR UPDATE ON cat_exam_timegrant
    FOR EACH ROW EXECUTE FUNCTION cat_exam_guard_grant();

CREATE FUNCTION cat_exam_guard_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.countersigned_at IS NOT NULL OR NEW.countersigned_by_id IS NOT NULL THEN
        RAISE EXCEPTION 'minutes are born uncountersigned' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER born_uncountersigned BEFORE INSERT ON cat_exam_minutes
    FOR EACH ROW EXECUTE FUNCTION cat_exam_guard_minutes();
"""
BACK = """
DROP TRIGGER approved_once ON cat_exam_timegrant;
DROP TRIGGER born_uncountersigned ON cat_exam_minutes;
DROP FUNCTION cat_exam_guard_grant, cat_exam_guard_minutes;
"""


class Migration(migrations.Migration):
    dependencies = [("cat_exam", "0003_guards")]

    operations = [migrations.RunSQL(GUARDS, BACK)]
