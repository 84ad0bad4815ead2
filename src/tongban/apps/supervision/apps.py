from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "tongban.apps.supervision"
    label = "supervision"
