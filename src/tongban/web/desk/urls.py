"""The officials' side: the queue, a case, and what can be done to it."""

from django.urls import path

from tongban.web.desk import (
    cards,
    carrying_out,
    certificate_list,
    certificates,
    fees,
    filters,
    holds,
    inbox,
    looked,
    phrases,
    standing_in,
    views,
    writing,
)

app_name = "desk"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("inbox/", inbox.listing, name="inbox"),
    path("inbox/read", inbox.read_all, name="inbox_read"),
    path("inbox/choices/", inbox.choices, name="inbox_choices"),
    path("inbox/<int:notice>/", inbox.open_notice, name="notice"),
    path("inbox/<int:notice>/read", inbox.read_one, name="notice_read"),
    path("stand-ins/", standing_in.stand_ins, name="stand_ins"),
    path("stand-ins/<int:no>/revoke/", standing_in.revoke, name="revoke_stand_in"),
    path("cards/", cards.cards, name="cards"),
    path("cards/<case:number>/", cards.card, name="card"),
    path("filters/", filters.filters, name="filters"),
    path("filters/save", filters.save, name="save_filter"),
    path("filters/<int:no>/<slug:do>", filters.change, name="change_filter"),
    path("phrases/", phrases.phrases, name="phrases"),
    path("phrases/<int:no>/", phrases.change, name="phrase"),
    path("phrases/<int:no>/words", phrases.words, name="phrase_words"),
    path("phrases/<int:no>/remove", phrases.remove, name="remove_phrase"),
    path("phrases/<int:no>/restore", phrases.restore, name="restore_phrase"),
    path("certificates/", certificate_list.listing, name="certificates"),
    path("cases/<case:number>/", views.case, name="case"),
    path("cases/<case:number>/materials/<int:no>", views.material, name="material"),
    path("cases/<case:number>/carry-out/", carrying_out.carry, name="carry_out"),
    path("cases/<case:number>/who-looked/", looked.looked, name="looked"),
    path("cases/<case:number>/hold/", holds.hold, name="hold"),
    path("cases/<case:number>/hold/<int:hold>/lift", holds.lift, name="lift_hold"),
    path("cases/<case:number>/fee/", fees.fee, name="fee"),
    path("cases/<case:number>/certificate/", certificates.certificate, name="certificate"),
    path("cases/<case:number>/<slug:command>/keep", writing.keep, name="keep"),
    path("cases/<case:number>/<slug:command>/", views.act, name="act"),
]
