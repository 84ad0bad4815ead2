"""Supervision: what is late, and what is about to be."""

from django.urls import path

from tongban.web.supervise import views

app_name = "supervise"
urlpatterns = [path("", views.overview, name="overview")]
