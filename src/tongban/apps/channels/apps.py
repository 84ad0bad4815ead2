from django.apps import AppConfig
from django.core import checks


class ChannelsConfig(AppConfig):
    name = "tongban.apps.channels"
    label = "channels"

    def ready(self) -> None:
        from tongban.apps.channels.audits import WATCHED as OF_AUDITS
        from tongban.apps.channels.audits import tell_of_audits
        from tongban.apps.channels.cards import WATCHED as OF_CARDS
        from tongban.apps.channels.cards import tell_of_cards
        from tongban.apps.channels.checklists import WATCHED as OF_CHECKLISTS
        from tongban.apps.channels.checklists import send_checklists
        from tongban.apps.channels.desk import WATCHED as AT_DESKS
        from tongban.apps.channels.desk import tell_officials
        from tongban.apps.channels.events import WATCHED as OF_EVENTS
        from tongban.apps.channels.events import tell_of_events
        from tongban.apps.channels.following import WATCHED, make_notices, tell_webhooks
        from tongban.apps.channels.numbers import WATCHED as OF_NUMBERS
        from tongban.apps.channels.numbers import tell_whose_number_is_near
        from tongban.apps.channels.questions import WATCHED as OF_QUESTIONS
        from tongban.apps.channels.questions import tell_of_questions
        from tongban.apps.channels.sources.appointments import WATCHED as OF_APPOINTMENTS
        from tongban.apps.channels.sources.appointments import tell_of_appointments
        from tongban.apps.channels.sources.mandates import WATCHED as OF_MANDATES
        from tongban.apps.channels.sources.mandates import tell_of_mandates
        from tongban.apps.channels.visits import OF_ARRANGING, OF_CASES, tell_of_arranging, tell_who_goes
        from tongban.apps.channels.words import check_words
        from tongban.apps.ledger.services import register

        register(name="notices", take=make_notices, kinds=WATCHED, from_beginning=True)
        register(name="desks", take=tell_officials, kinds=AT_DESKS, from_beginning=True)
        register(name="webhooks", take=tell_webhooks, from_beginning=True)
        register(name="mandates", take=tell_of_mandates, kinds=OF_MANDATES, from_beginning=True, streams=True)
        register(
            name="appointments", take=tell_of_appointments, kinds=OF_APPOINTMENTS, from_beginning=True, streams=True
        )
        register(name="audits", take=tell_of_audits, kinds=OF_AUDITS, from_beginning=True, streams=True)
        register(name="cards", take=tell_of_cards, kinds=OF_CARDS, from_beginning=True, streams=True)
        register(name="questions", take=tell_of_questions, kinds=OF_QUESTIONS, from_beginning=True, streams=True)
        register(name="visits", take=tell_of_arranging, kinds=OF_ARRANGING, from_beginning=True, streams=True)
        register(name="visitors", take=tell_who_goes, kinds=OF_CASES, from_beginning=True)
        register(name="numbers", take=tell_whose_number_is_near, kinds=OF_NUMBERS, from_beginning=True, streams=True)
        register(name="events", take=tell_of_events, kinds=OF_EVENTS, from_beginning=True, streams=True)
        register(name="checklists", take=send_checklists, kinds=OF_CHECKLISTS, from_beginning=True, streams=True)
        checks.register(check_words)
