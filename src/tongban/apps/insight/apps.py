from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "tongban.apps.insight"
    label = "insight"

    def ready(self) -> None:
        from tongban.apps.insight.following import KINDS, count_reuse
        from tongban.apps.ledger.services import register

        register(name="reuse", take=count_reuse, kinds=KINDS, from_beginning=True)
