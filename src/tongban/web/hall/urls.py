"""The service hall: its kiosk, its screen, and the numbers that people have taken."""

from django.urls import URLPattern, URLResolver, path

from tongban.web.hall import kiosk, tickets

app_name = "hall"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tickets/<case:number>/", tickets.ticket, name="ticket"),
    path("<slug:hall>/kiosk/<str:token>/", kiosk.kiosk, name="kiosk"),
    path("<slug:hall>/kiosk/<str:token>/<case:number>/", kiosk.taken, name="kiosk_ticket"),
]
