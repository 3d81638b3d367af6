"""The resume of a submitted application as PDF."""

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from core.access import gate
from registration.documents.resume_pdf import write_resume
from registration.views.portal.application import mine_or_none, no_application


@gate("applicant")
@never_cache
@require_safe
def resume(request: HttpRequest) -> HttpResponseBase:
    """Only once the application is frozen, so that the paper never differs from it."""
    mine = mine_or_none(request)
    if mine is None or mine.submitted_at is None:
        return no_application(request)
    number = mine.registration_number or mine.reference
    return FileResponse(
        write_resume(mine, clock.now()), content_type="application/pdf", as_attachment=True,
        filename=f"resume-{number}.pdf",
    )  # fmt: skip
