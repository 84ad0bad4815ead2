"""Where everything is: each audience brings its own routes."""

from allauth.urls import urlpatterns as of_the_library
from django.urls import URLPattern, URLResolver, include, path

from tongban.api.correspondence import routes as correspondence
from tongban.api.neighbours import routes as neighbours
from tongban.api.v1.api import build
from tongban.api.v1.words import Speech
from tongban.web.access import public
from tongban.web.wording import error_words, field_error_words

# Pages and API know nothing of each other; here, where both are at hand, the API is given the pages' words, and its
# routes are declared as guarding themselves.
api = build(speech=Speech(error=error_words, answer=field_error_words))

# Without what forwards from the library's own addresses of old, which were never ours.
signing_in = [each for each in of_the_library if not str(each.pattern).startswith("social/")]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.patterns(declare=public)),  # first: routes are tried in order, and systems call often
    *neighbours.patterns(declare=public),
    *correspondence.patterns(declare=public),
    path("account/", include("tongban.web.closed")),  # before the library's own, so that these are not reached
    path("account/", include(signing_in)),
    path("", include("tongban.web.urls")),
    path("", include("tongban.web.portal.urls")),
    path("", include("tongban.web.open.urls")),
    path("", include("tongban.web.voice.urls")),
    path("desk/", include("tongban.web.desk.urls")),
    path("field/", include("tongban.web.field.urls")),
    path("hall/", include("tongban.web.hall.urls")),
    path("window/", include("tongban.web.window.urls")),
    path("supervise/", include("tongban.web.supervise.urls")),
]

handler403 = "tongban.web.errors.forbidden"
