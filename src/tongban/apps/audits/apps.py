from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "tongban.apps.audits"
    label = "audits"
