"""The service hall: its kiosk, its screen, and the numbers that people have taken."""

from django.urls import URLPattern, URLResolver, path

from tongban.web.hall import booking, halls, kiosk, screen, tickets

app_name = "hall"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", halls.listing, name="halls"),
    path("tickets/<case:number>/", tickets.ticket, name="ticket"),
    path("tickets/<case:number>/give-back", tickets.returned, name="give_back"),
    path("appointments/", booking.mine, name="appointments"),
    path("appointments/<case:number>/", booking.appointment, name="appointment"),
    path("appointments/<case:number>/calendar.ics", booking.calendar, name="appointment_calendar"),
    path("appointments/<case:number>/cancel", booking.cancel_mine, name="cancel_appointment"),
    path("<slug:hall>/book/<slug:group>/", booking.choose, name="book"),
    path("<slug:hall>/kiosk/<str:token>/arrive", kiosk.arrived, name="kiosk_arrive"),
    path("<slug:hall>/", halls.page, name="hall"),
    path("<slug:hall>/take", halls.take_online, name="take"),
    path("<slug:hall>/screen/", screen.screen, name="screen"),
    path("<slug:hall>/kiosk/<str:token>/", kiosk.kiosk, name="kiosk"),
    path("<slug:hall>/kiosk/<str:token>/<case:number>/", kiosk.taken, name="kiosk_ticket"),
]
