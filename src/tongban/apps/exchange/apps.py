from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tongban.apps.exchange"
    label = "exchange"

    def ready(self) -> None:
        from tongban.apps.exchange.over_wire import OverWire, answer_neighbour
        from tongban.apps.exchange.services import provide
        from tongban.apps.neighbours.services import register

        provide(kind="wire", make=OverWire)
        register(service="registers/ask", take=answer_neighbour, may="registers")
