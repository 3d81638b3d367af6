"""An application is never verified, decided or scheduled after an objection without the papers of two officers."""

from django.db import migrations

GUARD = """
CREATE FUNCTION registration_decided_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('verified_ok', 'verified_not_ok') AND NOT EXISTS (
        SELECT FROM registration_verification v
         WHERE v.application_id = NEW.id AND v.confirmed
           AND v.verdict = CASE NEW.state WHEN 'verified_ok' THEN 'MS' ELSE 'TMS' END
    ) THEN
        RAISE EXCEPTION 'no verification confirmed by another officer says so' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'decided' AND NOT EXISTS (
        SELECT FROM registration_objection o WHERE o.application_id = NEW.id AND o.accepted IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the objection is not decided' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'decided' AND NEW.state = 'scheduled' AND NOT EXISTS (
        SELECT FROM registration_objection o WHERE o.application_id = NEW.id AND o.accepted
    ) THEN
        RAISE EXCEPTION 'the objection was not accepted' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_by_two BEFORE UPDATE OF state ON registration_application FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION registration_decided_by_two();
"""
NO_GUARD = """
DROP TRIGGER decided_by_two ON registration_application;
DROP FUNCTION registration_decided_by_two();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0005_catalogue_statistics"),
    ]

    operations = [
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
