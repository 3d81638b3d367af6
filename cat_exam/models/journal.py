"""The journal: append-only lines, one chain per attempt, partitioned by exam day (table made by RunSQL)."""

from django.db import models


class JournalLine(models.Model):
    """One line of an attempt's chain.

    ``seq`` is gapless per attempt and given by the server; ``(device, n)`` is the client's own number (server
    lines: device 0); ``chain`` is SHA-256(previous chain + canonical line); ``tx`` the writing transaction.
    """

    class Kind(models.IntegerChoices):
        EPOCH = 1
        START = 2
        ANSWER = 3
        CLEAR = 4
        FLAG = 5
        UNFLAG = 6
        VIEW = 7
        FOCUS_LOST = 8
        RECONNECT = 9
        GRANT = 10
        PAUSE = 11
        RESUME = 12
        FINISH = 13
        LATE = 14
        STRANDED = 15

    pk = models.CompositePrimaryKey("day", "attempt", "seq")
    day = models.DateField()
    attempt = models.BigIntegerField()
    seq = models.IntegerField()
    epoch = models.IntegerField()
    device = models.IntegerField()
    n = models.IntegerField()
    kind = models.SmallIntegerField(choices=Kind.choices)
    item = models.IntegerField(null=True)
    response = models.IntegerField(null=True)
    shown_ms = models.IntegerField(null=True)
    received_at = models.DateTimeField()
    tx = models.BigIntegerField()
    chain = models.BinaryField(max_length=32)

    class Meta:
        managed = False
        db_table = "cat_exam_journalline"
