from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "tongban.apps.recognition"
    label = "recognition"
