from django.apps import AppConfig


class WebApp(AppConfig):
    """The pages, by audience, and the visual language that all of them are made of."""

    name = "tongban.web"
    label = "web"
