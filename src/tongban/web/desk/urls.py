"""The officials' side: the queue, a case, and what can be done to it."""

from django.urls import path

from tongban.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("cases/<case:number>/", views.case, name="case"),
    path("cases/<case:number>/materials/<int:no>", views.material, name="material"),
    path("cases/<case:number>/<slug:command>/", views.act, name="act"),
]
