"""An applicant's document shown inside the verification page."""

from uuid import UUID

from csp.decorators import csp_replace
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.access import gate
from registration.queries import readable_documents
from registration.views.desk.common import officer
from registration.views.desk.verification import READERS


@gate(*READERS)
@require_safe
@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})  # type: ignore[arg-type]
def document(request: HttpRequest, pk: UUID) -> FileResponse:
    """The stored (rebuilt) file inline; its type is the one read from its content when it was stored."""
    row = get_object_or_404(readable_documents(officer(request)), pk=pk)
    answer = FileResponse(default_storage.open(row.path), content_type=row.media_type)
    suffix = "pdf" if row.media_type == "application/pdf" else "jpg"
    answer["Content-Disposition"] = f'inline; filename="{row.kind}.{suffix}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
