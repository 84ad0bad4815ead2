"""The residents' side."""

from django.urls import URLPattern, URLResolver, path

from tongban.web.portal import cases, drafts, home, matters, papers, steps

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("welcome", home.welcome, name="welcome"),
    path("matters/", matters.listing, name="matters"),
    path("matters/<slug:code>/", matters.page, name="matter"),
    path("matters/<slug:code>/start", matters.begin, name="start"),
    path("drafts/<uuid:draft>/", drafts.resume, name="resume"),
    path("drafts/<uuid:draft>/materials/", steps.materials, name="materials"),
    path("drafts/<uuid:draft>/review/", drafts.review, name="review"),
    path("drafts/<uuid:draft>/submit", drafts.send, name="submit"),
    path("drafts/<uuid:draft>/discard", drafts.throw_away, name="discard"),
    path("drafts/<uuid:draft>/<slug:step>/", steps.step, name="step"),
    path("cases/", cases.listing, name="cases"),
    path("cases/<case:number>/", cases.follow_case, name="case"),
    path("cases/<case:number>/receipt/", cases.receipt, name="receipt"),
    path("cases/<case:number>/certificate.pdf", papers.certificate, name="certificate"),
    path("cases/<case:number>/materials/<int:no>", papers.material, name="material"),
    path("cases/<case:number>/supplement/", papers.supplement, name="supplement"),
    path("cases/<case:number>/withdraw/", cases.withdraw, name="withdraw"),
    path("cases/<case:number>/rate/", cases.rate, name="rate"),
]
