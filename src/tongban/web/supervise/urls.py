"""Supervision: what is late, and what is about to be."""

from django.urls import path

from tongban.web.supervise import audits, calendar, cards, exchange, likely, notices, patterns, payments, views

app_name = "supervise"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("patterns/", patterns.patterns, name="patterns"),
    path("patterns/<slug:pattern>/", patterns.cases, name="pattern"),
    path("likely/", likely.likely, name="likely"),
    path("calendar/", calendar.changes, name="calendar"),
    path("cards/", cards.cards, name="cards"),
    path("cards/<case:number>/", cards.card, name="card"),
    path("audits/", audits.audits, name="audits"),
    path("audits/new/", audits.new_sample, name="new_sample"),
    path("audits/samples/<case:number>/", audits.sample, name="sample"),
    path("audits/<case:number>/", audits.audit, name="audit"),
    path("notices/", notices.failures, name="notices"),
    path("notices/<int:delivery>/again", notices.again, name="notices_again"),
    path("notices/messages/<int:message>/again", notices.message_again, name="message_again"),
    path("registers/", exchange.registers, name="registers"),
    path("payments/", payments.payments, name="payments"),
    path("payments/till", payments.count, name="count_till"),
    path("payments/differences/<int:number>/settle", payments.settle, name="settle_difference"),
]
