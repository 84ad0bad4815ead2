"""What all audiences share: the language, how pages are shown, and the living page of the visual language."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from tongban.web import (
    converters,  # noqa: F401 - makes `case` known to every address that follows
    health,
    joining,
    preferences,
    readings,
    stepping_up,
)
from tongban.web.design import views as design

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("language", set_language, name="set_language"),
    path("preferences", preferences.save, name="preferences"),
    path("account/step-up/", stepping_up.show, name="step_up"),
    path("account/join/", joining.show, name="join"),
    path("readings/", readings.begin, name="begin_reading"),
    path("readings/<uuid:reading>/", readings.show, name="reading"),
    path("readings/<uuid:reading>/forget", readings.forget, name="forget_reading"),
    path("display", preferences.show, name="display"),
    path("", include("tongban.web.installed.urls")),
    path("design", design.show, name="design"),
    path("design/desk", design.show_desk, name="design_desk"),
]
