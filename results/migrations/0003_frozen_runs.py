"""A run is born computed and moves by its table only; what was computed never changes; objections are born open."""

from django.db import migrations

from core.models.base import grant, revoke

GUARDS = """
CREATE FUNCTION results_guard_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'computed' OR NEW.checked_by_id IS NOT NULL OR NEW.approved_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a ranking run is born computed' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.state <> NEW.state AND (OLD.state || ':' || NEW.state) NOT IN
        ('computed:checked', 'computed:rejected', 'checked:approved', 'checked:rejected', 'approved:rejected') THEN
        RAISE EXCEPTION 'a ranking run does not move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lifecycle BEFORE INSERT OR UPDATE ON results_rankingrun
    FOR EACH ROW EXECUTE FUNCTION results_guard_run();

CREATE FUNCTION results_guard_objection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.decided_at IS NOT NULL OR TG_OP = 'UPDATE' AND OLD.decided_at IS NOT NULL THEN
        RAISE EXCEPTION 'an objection is born open and decided once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_once BEFORE INSERT OR UPDATE ON results_resultobjection
    FOR EACH ROW EXECUTE FUNCTION results_guard_objection();
"""
BACK = """
DROP TRIGGER lifecycle ON results_rankingrun;
DROP TRIGGER decided_once ON results_resultobjection;
DROP FUNCTION results_guard_run, results_guard_objection;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0002_privileges"),
    ]

    operations = [
        migrations.RunSQL(GUARDS, BACK),
        revoke(["results_rankingrun", "results_resultobjection"], "cat_web", "UPDATE"),
        grant(
            "results_rankingrun",
            "cat_web",
            "UPDATE (state, checked_by_id, checked_at, approved_by_id, approved_at, note)",
        ),
        grant("results_resultobjection", "cat_web", "UPDATE (accepted, answer, decided_by_id, decided_at)"),
    ]
