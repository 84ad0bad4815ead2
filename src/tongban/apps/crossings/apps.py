from django.apps import AppConfig


class CrossingsConfig(AppConfig):
    name = "tongban.apps.crossings"
    label = "crossings"

    def ready(self) -> None:
        from tongban.apps.crossings.following import WATCHED, note_down
        from tongban.apps.crossings.receiving import register_services
        from tongban.apps.ledger.services import register

        register(name="crossings", take=note_down, kinds=WATCHED, from_beginning=True)
        register_services()
