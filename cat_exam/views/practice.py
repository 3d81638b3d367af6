"""Practice on the exam's own screen, for everybody; nothing is sent and nothing is stored."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cat_exam.views.words import paper_words
from core.access import gate


@gate("public")
@require_safe
def practice(request: HttpRequest) -> HttpResponse:
    """Eight items that belong to nobody's exam."""
    return render(request, "cat_exam/practice.html", {"words": paper_words()})
