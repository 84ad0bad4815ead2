from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "tongban.apps.voice"
    label = "voice"

    def ready(self) -> None:
        from tongban.apps.ledger.services import register
        from tongban.apps.voice.committing import KINDS as OF_REPLIES
        from tongban.apps.voice.committing import note_promises
        from tongban.apps.voice.sorting import KINDS, sort_filed
        from tongban.apps.voice.whole.following import KINDS as OF_TOPICS
        from tongban.apps.voice.whole.following import take_in

        register(name="voice", take=sort_filed, kinds=KINDS, from_beginning=True)
        register(name="topics", take=take_in, kinds=OF_TOPICS, from_beginning=True, streams=True)
        register(name="commitments", take=note_promises, kinds=OF_REPLIES, from_beginning=True)
