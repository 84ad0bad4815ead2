from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "tongban.api.v1"
    label = "api"
