from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "tongban.apps.questions"
    label = "questions"
