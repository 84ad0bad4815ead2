"""The counter: a clerk files for whoever stands there."""

from django.urls import path

from tongban.web.window import appointments, holdings, mandates, papers, queue, views
from tongban.web.window.phone import call_backs, calls, checklists, filing

app_name = "window"
urlpatterns = [
    path("", views.start, name="start"),
    path("together/<slug:code>/", views.together, name="together"),
    path("mandates/", mandates.mandates, name="mandates"),
    path("mandates/<int:mandate>/end", mandates.end, name="end_mandate"),
    path("join/", mandates.join, name="join"),
    path("papers/", papers.papers, name="papers"),
    path("papers/<case:number>/", papers.hand_in, name="hand_in"),
    path("papers/<case:number>/supplement/", papers.supplement, name="supplement"),
    path("appointments/", appointments.expected, name="appointments"),
    path("appointments/<case:number>/cancel", appointments.cancel_for, name="cancel_appointment"),
    path("appointments/<slug:hall>/<slug:group>/", appointments.book_for, name="book"),
    path("queue/", queue.queue, name="queue"),
    path("queue/open", queue.open_window, name="open_window"),
    path("queue/close", queue.close, name="close_window"),
    path("queue/next", queue.next_number, name="call_next"),
    path("queue/<case:number>/", queue.ticket, name="ticket"),
    path("queue/<case:number>/<slug:how>", queue.move, name="move_ticket"),
    path("person/", holdings.holder, name="holder"),
    path("person/held/", holdings.holdings, name="holdings"),
    path("person/held/<case:number>/hand-in", holdings.hand_in_for, name="hand_in_for"),
    path("person/held/<slug:matter>/file", holdings.file_for, name="file_for"),
    path("phone/", calls.phone, name="phone"),
    path("phone/begin", calls.begin, name="begin_call"),
    path("phone/<case:call>/", calls.call, name="call"),
    path("phone/call-backs/", call_backs.promised, name="call_backs"),
    path("phone/call-backs/<case:promise>/", call_backs.keep, name="call_back"),
    path("phone/call-backs/<case:promise>/<slug:how>", call_backs.kept, name="keep_call_back"),
    path("phone/<case:call>/call-back/", call_backs.promise, name="promise_call"),
    path("phone/<case:call>/end", calls.end, name="end_call"),
    path("phone/<case:call>/matters/<slug:matter>/", filing.script, name="script"),
    path("phone/<case:call>/matters/<slug:matter>/send", checklists.checklist, name="send_checklist"),
    path("phone/<case:call>/book/<slug:hall>/<slug:group>/", filing.book, name="book_in_call"),
    path("phone/<case:call>/cases/<case:number>/", calls.told, name="told_case"),
    path("<slug:matter>/", views.who, name="who"),
]
