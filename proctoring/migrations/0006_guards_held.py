"""No login can ask the guards of this room, or of any below it, to look away."""

from django.db import migrations

from core.models.base import hold_guards


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0005_identity_override"),
        ("cat_exam", "0010_sheets_replaced_until_announced"),
    ]

    operations = [hold_guards()]
