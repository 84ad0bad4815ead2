from django.apps import AppConfig

from tongban.web.languages import untranslated_speaks_english


class WebApp(AppConfig):
    """The pages, by audience, and the visual language that all of them are made of."""

    name = "tongban.web"
    label = "web"

    def ready(self) -> None:
        """Called once, when all apps are there."""
        untranslated_speaks_english()
