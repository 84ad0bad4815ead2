"""Addresses of the field: tasks, one task with its form, records."""

from django.urls import path

from tongban.web.field import records, taking, views

app_name = "field"
urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("here.json", taking.here, name="here"),
    path("tasks/<case:number>/<int:no>/", views.task, name="task"),
    path("tasks/<case:number>/<int:no>/photos/<uuid:record>/<uuid:photo>", taking.photo, name="send_photo"),
    path("together/<case:number>/", records.joint, name="joint"),
    path("together/<case:number>/paper", records.joint_paper, name="joint_paper"),
    path("records/<uuid:key>/", records.record, name="record"),
    path("records/<uuid:key>/note", records.note, name="note"),
    path("records/<uuid:key>/paper", records.paper, name="paper"),
    path("records/<uuid:key>/photos/<uuid:photo>", records.photo, name="photo"),
    path("records/<uuid:key>/signature", records.signature, name="signature"),
]
