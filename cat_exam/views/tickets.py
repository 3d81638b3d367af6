"""For the hall's script: a fresh ticket, the encrypted bundle of one's own form, frames where sockets are blocked."""

from uuid import UUID

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cat_exam import actions, protocol
from cat_exam.consumers.post import exchange
from cat_exam.hallclock import hall_now, to_ms
from cat_exam.queries.forms import sealed_bundle
from cat_exam.rules import seb
from cat_exam.rules.seb import Shown
from cat_exam.session import hall_session
from core.access import gate
from core.errors import Refusal


def _refused(code: str, text: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "text": text}, status=status)


def browser_of(request: HttpRequest) -> actions.Browser:
    """The browser behind a request. The addresses it may have asked for are those people use, whatever ``Host`` and
    the balancer say: a hash of any other address proves nothing."""
    path = request.get_full_path()
    return actions.Browser(
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("User-Agent", ""),
        shown=Shown(request.headers.get(seb.CONFIG_HEADER, ""), request.headers.get(seb.EXAM_HEADER, "")),
        urls=[origin + path for origin in settings.PUBLIC_ORIGINS],
    )


@gate("candidate")
@require_POST
def ticket(request: HttpRequest) -> HttpResponse:
    """``{"ticket", "until"}`` for the next socket, by the hall session alone; 403 ``{"code", "text"}`` without it.

    This is where a browser is looked at: every connection begins with a ticket.
    """
    session = hall_session(request)
    if session is None:
        return _refused(
            "session_over", _("Sesi di komputer ini sudah berakhir. Masuk lagi dengan nomor kartu dan PIN."), 403
        )
    try:
        actions.see_browser(attempt=session.attempt, browser=browser_of(request), now=hall_now())
        fresh = actions.renew_ticket(attempt=session.attempt, now=hall_now())
    except Refusal as no:
        return _refused(no.code, no.text, 409)
    answer = JsonResponse({"ticket": fresh.value, "until": to_ms(fresh.until)})
    answer["Cache-Control"] = "no-store"
    return answer


@gate("candidate")
@require_GET
def bundle(request: HttpRequest, paper: UUID) -> HttpResponse:
    """The encrypted form of this candidate; its bytes never change, so a browser may keep them."""
    session = hall_session(request)
    if session is None or session.attempt.paper_id != paper:
        return _refused("session_over", _("Naskah ini bukan untuk komputer ini."), 403)
    tag = f'"{session.attempt.paper.bundle_sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    answer = HttpResponse(sealed_bundle(paper), content_type="application/octet-stream")
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@gate("candidate")
@require_POST
def frames(request: HttpRequest) -> HttpResponse:
    """The socket's frames, one a line, and its answers in the same way; ``X-Close`` where the hall ended it.

    The first frame is a ``Hello`` with a fresh ticket, which is the whole authority of this exchange. It runs in the
    hall's own event loop, beside its sockets.
    """
    body = request.body.decode("utf-8", "replace")
    if not isinstance(request, ASGIRequest) or not 1 <= len(body) <= protocol.MAX_POST:
        return _refused("frame_invalid", _("Kiriman ini kosong atau terlalu besar."), 400)
    told, code = async_to_sync(exchange)(request.scope, body.splitlines())
    answer = HttpResponse("\n".join(told), content_type="application/x-ndjson")
    answer["Cache-Control"] = "no-store"
    if code is not None:
        answer["X-Close"] = str(code)
    return answer
