from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "tongban.apps.intake"
    label = "intake"

    def ready(self) -> None:
        from tongban.apps.intake.orders.turns import DECIDED, follow_decisions
        from tongban.apps.ledger.services import register

        register(name="orders", take=follow_decisions, kinds=DECIDED)
