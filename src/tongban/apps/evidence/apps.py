from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "tongban.apps.evidence"
    label = "evidence"
