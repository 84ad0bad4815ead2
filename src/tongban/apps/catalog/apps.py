from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "tongban.apps.catalog"
    label = "catalog"
