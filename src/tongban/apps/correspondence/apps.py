from django.apps import AppConfig
from django.core import checks


class CorrespondenceConfig(AppConfig):
    name = "tongban.apps.correspondence"
    label = "correspondence"

    def ready(self) -> None:
        from tongban.apps.correspondence.answering import WATCHED, answer
        from tongban.apps.correspondence.wording import check_words
        from tongban.apps.ledger.services import register

        register(name="correspondence", take=answer, kinds=WATCHED, from_beginning=True)
        checks.register(check_words)
