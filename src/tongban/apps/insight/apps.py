from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "tongban.apps.insight"
    label = "insight"
