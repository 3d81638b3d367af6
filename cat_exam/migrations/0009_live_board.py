"""Each sitting says whether it has a live board, and when; the default shows nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cat_exam", "0008_forms_of_one_hour")]

    operations = [
        migrations.AddField(
            "exam",
            "board",
            models.CharField(
                choices=[("off", "Tidak ada"), ("end", "Setelah sesi ditutup"), ("live", "Selama ujian")],
                default="off",
                max_length=4,
            ),
        ),
        migrations.AddConstraint(
            "exam",
            models.CheckConstraint(condition=models.Q(board__in=["off", "end", "live"]), name="exam_board_known"),
        ),
    ]
