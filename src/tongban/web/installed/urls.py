"""What a device asks for besides pages."""

from django.urls import URLPattern, URLResolver, path

from tongban.web.installed import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("service-worker.js", views.worker, name="worker"),
    path("manifest/<slug:language>.webmanifest", views.manifest, name="manifest"),
    path("offline/<slug:language>/", views.offline, name="offline"),
    path("kept/", views.kept, name="kept"),
    path("kept/list.json", views.kept_list, name="kept_list"),
]
