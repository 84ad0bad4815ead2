"""What anybody may look up without signing in."""

from django.urls import URLPattern, URLResolver, path

from tongban.web.open import views

app_name = "open"
urlpatterns: list[URLPattern | URLResolver] = [
    path("track/", views.track, name="track"),
    path("track/case/", views.tracked, name="tracked"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:identifier>/", views.certificate, name="certificate"),
]
