from django.apps import AppConfig
from django.core import checks


class EvidenceConfig(AppConfig):
    name = "tongban.apps.evidence"
    label = "evidence"

    def ready(self) -> None:
        from tongban.apps.evidence.credentials import FOLLOWED, follow_certificates
        from tongban.apps.evidence.pdf_signer import warn_of_unsigned
        from tongban.apps.ledger.services import register

        checks.register(warn_of_unsigned)
        register(name="credentials", take=follow_certificates, kinds=FOLLOWED, from_beginning=True)
