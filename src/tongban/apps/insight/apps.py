from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "tongban.apps.insight"
    label = "insight"

    def ready(self) -> None:
        from tongban.apps.insight.deeds import FOLLOWED, note_deeds
        from tongban.apps.insight.evasion import WATCHED, find_evasions
        from tongban.apps.insight.following import ENDING, KINDS, count_reuse, count_times
        from tongban.apps.ledger.services import register

        register(name="reuse", take=count_reuse, kinds=KINDS, from_beginning=True)
        register(name="step-times", take=count_times, kinds=ENDING, from_beginning=True)
        register(name="deeds", take=note_deeds, kinds=FOLLOWED, from_beginning=True)
        register(name="evasions", take=find_evasions, kinds=WATCHED, from_beginning=True)
