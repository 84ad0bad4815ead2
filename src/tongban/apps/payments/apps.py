from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "tongban.apps.payments"
    label = "payments"
