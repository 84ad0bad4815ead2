"""Where what the public says is said, read and seen as a whole."""

from django.urls import URLPattern, URLResolver, path

from tongban.web.voice import (
    events,
    listing,
    looking,
    once_more,
    promises,
    public_topics,
    rates,
    speaking,
    themes,
    topics,
)

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
    path("speak/", speaking.speak_up, name="speak"),
    path("speak/similar/", speaking.similar, name="similar"),
    path("speak/said/", speaking.said, name="said"),
    path("voices/", listing.voices, name="voices"),
    path("voices/rates/", rates.rates, name="rates"),
    path("voices/<case:number>/once-more/", once_more.once_more, name="once_more"),
    path("voices/<case:number>/", listing.voice, name="voice"),
    path("voices/<case:number>/me-too/", listing.me_too, name="me_too"),
    path("desk/voices/", looking.to_look_at, name="to_look_at"),
    path("desk/promises/", promises.promises, name="promises"),
    path("desk/voices/<case:number>/", looking.look, name="look"),
    path("desk/voices/<case:number>/category/", looking.category, name="category"),
    path("desk/topics/", topics.listing, name="topics"),
    path("desk/topics/<case:number>/", topics.page, name="topic"),
]
