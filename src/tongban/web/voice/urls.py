"""Where what the public says is said, read and seen as a whole."""

from django.urls import URLPattern, URLResolver, path

from tongban.web.voice import events, public_topics, themes, topics

app_name = "voice"
urlpatterns: list[URLPattern | URLResolver] = [
    path("voices/topics/", public_topics.listing, name="public_topics"),
    path("voices/topics/<case:number>/", public_topics.page, name="public_topic"),
    path("events/", events.events, name="events"),
    path("events/<case:number>/", events.event, name="event"),
    path("desk/events/", events.rooms, name="rooms"),
    path("desk/events/<case:number>/", events.room, name="room"),
    path("voices/themes/", themes.public_themes, name="public_themes"),
    path("desk/themes/", themes.themes, name="themes"),
    path("desk/themes/<int:theme>/", themes.theme, name="theme"),
    path("desk/topics/", topics.listing, name="topics"),
    path("desk/topics/<case:number>/", topics.page, name="topic"),
]
