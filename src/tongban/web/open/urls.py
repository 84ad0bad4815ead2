"""What anybody may look up without signing in."""

from django.urls import URLPattern, URLResolver, path

from tongban.web.open import checkpoints, credentials, orders, payments, seeing, verifying, views

app_name = "open"
urlpatterns: list[URLPattern | URLResolver] = [
    path("track/", views.track, name="track"),
    path("track/case/", views.tracked, name="tracked"),
    path("track/order/", orders.order, name="tracked_order"),
    path("track/order/<case:number>/", orders.part, name="tracked_part"),
    path("track/case/documents/<int:entry>.pdf", views.document, name="document"),
    path("open/checkpoints/", checkpoints.checkpoints, name="checkpoints"),
    path("open/checkpoints.json", checkpoints.checkpoints, {"form": "json"}, name="checkpoints_json"),
    path("open/checkpoints.atom", checkpoints.feed, name="checkpoints_feed"),
    path("open/checkpoints/<day:day>/", checkpoints.checkpoint, name="checkpoint"),
    path("open/checkpoints/<day:day>.json", checkpoints.checkpoint, {"form": "json"}, name="checkpoint_json"),
    path("open/proofs/<case:number>/<link:head>/", checkpoints.proof, name="proof"),
    path("open/proofs/<case:number>/<link:head>.json", checkpoints.proof, {"form": "json"}, name="proof_json"),
    path("payments/notices", payments.notice, name="payment_notice"),
    path("authorities/<slug:authority>/did.json", credentials.did, name="did"),
    path("status/<int:number>/<slug:purpose>", credentials.status_list, name="status_list"),
    path("contexts/certificate/v1", credentials.context, name="certificate_context"),
    path(".well-known/jwt-vc-issuer/authorities/<slug:authority>", credentials.issuer, name="issuer_metadata"),
    path("credential-types/certificate/v1", credentials.kind, name="credential_type"),
    path("see/<slug:handle>/", seeing.page, name="see"),
    path("see/<slug:handle>/token", seeing.token, name="see_token"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/file/", verifying.file, name="verify_file"),
    path("verify/<str:identifier>/", verifying.certificate, name="certificate"),
]
