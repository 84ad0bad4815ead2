"""Where everything is: each audience brings its own routes."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    path("", include("tongban.web.urls")),
    path("", include("tongban.web.portal.urls")),
    path("", include("tongban.web.open.urls")),
    path("desk/", include("tongban.web.desk.urls")),
    path("window/", include("tongban.web.window.urls")),
    path("supervise/", include("tongban.web.supervise.urls")),
]

handler403 = "tongban.web.errors.forbidden"
