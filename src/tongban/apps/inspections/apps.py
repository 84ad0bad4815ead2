from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "tongban.apps.inspections"
    label = "inspections"
