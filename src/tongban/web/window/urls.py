"""The counter: a clerk files for whoever stands there."""

from django.urls import path

from tongban.web.window import views

app_name = "window"
urlpatterns = [
    path("", views.start, name="start"),
    path("<slug:matter>/", views.who, name="who"),
]
