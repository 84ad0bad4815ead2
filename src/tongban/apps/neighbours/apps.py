from django.apps import AppConfig


class NeighboursConfig(AppConfig):
    name = "tongban.apps.neighbours"
    label = "neighbours"

    def ready(self) -> None:
        from tongban.apps.neighbours.keys import hand_out_keys
        from tongban.apps.neighbours.services import register

        register(service="keys", take=hand_out_keys)
