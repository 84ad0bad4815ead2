from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "tongban.apps.ledger"
    label = "ledger"

    def ready(self) -> None:
        post_migrate.connect(_carry_on, sender=self)


def _carry_on(**_given: Any) -> None:
    """After a restore into another cluster the order of the log goes on from where it was."""
    from tongban.apps.ledger.turns import mend

    mend()
