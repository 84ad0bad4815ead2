from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "tongban.apps.supervision"
    label = "supervision"

    def ready(self) -> None:
        from tongban.apps.ledger.services import register
        from tongban.apps.supervision.silences import WATCHED, card_silences

        register(name="silences", take=card_silences, kinds=WATCHED)
