"""Where what the public says is said, read and seen as a whole."""

from django.urls import URLPattern, URLResolver, path

from tongban.web.voice import public_topics, topics

app_name = "voice"
urlpatterns: list[URLPattern | URLResolver] = [
    path("voices/topics/", public_topics.listing, name="public_topics"),
    path("voices/topics/<case:number>/", public_topics.page, name="public_topic"),
    path("desk/topics/", topics.listing, name="topics"),
    path("desk/topics/<case:number>/", topics.page, name="topic"),
]
