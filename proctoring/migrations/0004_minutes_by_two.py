"""The minutes are countersigned by another person than the one who signed; the database says so too."""

from django.db import migrations

ADD = """
ALTER TABLE cat_exam_minutes ADD CONSTRAINT minutes_countersigned_by_another
    CHECK (countersigned_by_id IS DISTINCT FROM signed_by_id)
"""
DROP = "ALTER TABLE cat_exam_minutes DROP CONSTRAINT minutes_countersigned_by_another"


class Migration(migrations.Migration):
    dependencies = [
        ("cat_exam", "0001_initial"),
        ("proctoring", "0003_papers_and_identity"),
    ]

    operations = [migrations.RunSQL(ADD, DROP)]
