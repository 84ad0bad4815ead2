from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tongban.apps.people"
    label = "people"
