"""Answers that arrive after the session has ended are kept until their owner has signed in again.

What was typed goes, sealed, into the new anonymous session under the address that it was sent to. Signing in keeps that
session's contents, leads back to the same page, and the page shows the answers once more. Files cannot be kept.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, QueryDict

from tongban.apps.people.sealing import open_sealed, seal

__all__ = ["keep_posted", "keeps_posted", "take_posted"]

View = TypeVar("View", bound=Callable[..., Any])

_KEY = "kept_answers"
_MOST = 100_000  # characters; a form of ours has a few hundred


def keeps_posted(view: View) -> View:
    """Mark a view whose posted answers are worth keeping when the session has ended."""
    view.keeps_posted = True  # type: ignore[attr-defined]  # functions carry attributes
    return view


def keep_posted(request: HttpRequest) -> None:
    """Put the posted answers aside, under the address of the page."""
    answers = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    text = json.dumps(answers, ensure_ascii=False)
    if answers and len(text) <= _MOST:
        request.session[_KEY] = {"path": request.path, "sealed": seal(text)}


def take_posted(request: HttpRequest) -> QueryDict | None:
    """Return, once, the answers that were put aside for this page."""
    kept = request.session.get(_KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[_KEY]
    answers = QueryDict(mutable=True)
    for name, values in json.loads(open_sealed(kept["sealed"])).items():
        answers.setlist(name, values)
    return answers
