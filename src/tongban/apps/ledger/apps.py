from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tongban.apps.ledger"
    label = "ledger"
