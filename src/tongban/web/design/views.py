"""The living page: every token and component as it is, in every state. What is not here, pages do not use."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongban.web.access import public
from tongban.web.design import examples

__all__ = ["show", "show_desk"]


@public
def show(request: HttpRequest) -> HttpResponse:
    """The portal's side: tokens, type, icons, controls, components."""
    return render(request, "design/show.html", examples.portal())


@public
def show_desk(request: HttpRequest) -> HttpResponse:
    """The desk's side: queue, commands, log, dense and narrow."""
    return render(request, "design/desk.html", examples.desk())
