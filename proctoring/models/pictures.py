"""Pictures taken at the door, beside which a person compares the photo on file."""

from django.db import models

from cat_exam.models import Attempt
from core.models import User
from core.models.base import uuid_key


class CheckInPicture(models.Model):
    """A picture of who stood at the door: written anew by us, kept encrypted under the media root, never changed.

    ``advice`` is what a face adviser said of it and the photo on file: ``{"by", "score", "text"}``, or empty.
    It advises; the check-in is a person's. ``keep_until``: the day from which retention may erase the file.
    """

    id = uuid_key()
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="pictures")
    path = models.CharField(max_length=200, unique=True, help_text="under the media root; ciphertext")
    sha256 = models.CharField(max_length=64, help_text="of the picture before encryption")
    size = models.PositiveIntegerField(help_text="bytes before encryption")
    advice = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    keep_until = models.DateField()

    class Meta:
        ordering = ["-at"]
