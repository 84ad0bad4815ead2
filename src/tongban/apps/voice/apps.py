from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "tongban.apps.voice"
    label = "voice"

    def ready(self) -> None:
        from tongban.apps.ledger.services import register
        from tongban.apps.voice.sorting import KINDS, sort_filed

        register(name="voice", take=sort_filed, kinds=KINDS, from_beginning=True)
