from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "tongban.apps.rights"
    label = "rights"
