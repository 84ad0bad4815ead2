"""What all audiences share: the language, how pages are shown, and the living page of the visual language."""

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from tongban.web import (
    converters,  # noqa: F401 - makes `case` known to every address that follows
    preferences,
)
from tongban.web.design import views as design

urlpatterns: list[URLPattern | URLResolver] = [
    path("language", set_language, name="set_language"),
    path("preferences", preferences.save, name="preferences"),
    path("design", design.show, name="design"),
    path("design/desk", design.show_desk, name="design_desk"),
]
