"""Puts the encrypted forms of prepared exams where nginx serves them as plain files."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cat_exam.models import Exam, ExamPaper
from questionbank.queries import bundle_of


class Command(BaseCommand):
    """Writes what is missing or differs, takes away what no exam that is still to come or running needs."""

    help = "write encrypted forms to CAT_BUNDLE_ROOT"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BUNDLE_ROOT:
            raise CommandError("CAT_BUNDLE_ROOT is not set; the hall serves the forms itself")
        folder = Path(settings.BUNDLE_ROOT)
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o755)  # nginx has a user of its own
        needed = ExamPaper.objects.exclude(exam__state=Exam.State.CLOSED)
        wanted = dict(needed.values_list("paper_id", "paper__bundle_sha256"))
        written = sum(self._write(folder, paper, digest) for paper, digest in wanted.items())
        gone = [path for path in folder.glob("*.bin") if path.stem not in set(map(str, wanted))]
        for path in gone:
            path.unlink()
        self.stdout.write(f"{written} written, {len(wanted) - written} there already, {len(gone)} taken away")

    def _write(self, folder: Path, paper: UUID, digest: str) -> bool:
        """True when the file was written: whole or not at all, and only bytes that the seal names."""
        path = folder / f"{paper}.bin"
        if path.exists() and sha256(path.read_bytes()).hexdigest() == digest:
            return False
        content = bundle_of(paper)
        if sha256(content).hexdigest() != digest:
            raise CommandError(f"form {paper}: its bytes are not those that were sealed")
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.chmod(0o644)  # encrypted, and read by nginx's own user
        fresh.rename(path)
        return True
