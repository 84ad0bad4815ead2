"""The counter: a clerk files for whoever stands there."""

from django.urls import path

from tongban.web.window import mandates, views

app_name = "window"
urlpatterns = [
    path("", views.start, name="start"),
    path("together/<slug:code>/", views.together, name="together"),
    path("mandates/", mandates.mandates, name="mandates"),
    path("mandates/<int:mandate>/end", mandates.end, name="end_mandate"),
    path("join/", mandates.join, name="join"),
    path("<slug:matter>/", views.who, name="who"),
]
