from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "tongban.apps.intake"
    label = "intake"
