"""How often one account was tried in vain; counted per account, never per address."""

from django.db import models


class SignInTally(models.Model):
    """Wrong tries in a row of one account or second factor; no row once the person got in and a day passed."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    closed_until = models.DateTimeField(null=True, blank=True)
