"""What a device sends by itself: photos one by one, then the record; each as often as it takes."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tongban.apps.inspections.models import Photo
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db
PHOTOS = (("matches_plan", uuid4()), ("cold_room", uuid4()), ("front", uuid4()))


def _send(client: Client, path: str, record: object, photo: object, file: Any, **more: str) -> Any:
    return client.post(f"{path}photos/{record}/{photo}", {"file": file, **more})


def test_it_works(visit: int, record: Any, path_of: Any, client_for: Any, jpeg: Any) -> None:
    client, key = client_for("chenli"), uuid4()
    told = {"told_at": "2026-03-04T10:00:00+08:00", "latitude": "28", "longitude": "112", "accuracy": "5"}
    for item, photo in PHOTOS:
        assert _send(client, path_of(visit), key, photo, jpeg(), item=item, **told).status_code == 200
    keys = [str(photo) for _item, photo in PHOTOS]
    answer = record(key=str(key), photos=False, photo=keys, accept="application/json")
    assert answer.json() == {"state": "recorded", "conflict": "", "url": f"/field/records/{key}/"}
    assert "as told by the device" in client.get(f"/field/records/{key}/").text


def test_a_photo_sent_twice_is_one(visit: int, path_of: Any, client_for: Any, jpeg: Any) -> None:
    client, key, photo = client_for("chenli"), uuid4(), uuid4()
    for _ in range(2):
        assert _send(client, path_of(visit), key, photo, jpeg()).status_code == 200
    assert Photo.objects.count() == 1
    assert _send(client, path_of(visit), key, photo, jpeg(turned=True)).status_code == 422, "another under its key"


def test_the_record_comes_before_its_photos(visit: int, record: Any) -> None:
    absent = str(uuid4())
    answer = record(photo=[absent], accept="application/json")
    assert answer.status_code == 409
    assert answer.json() == {"state": "photos", "photos": [absent]}
    assert "inspection.recorded" not in [each.kind for each in get_history(case=visit)]


def test_what_is_missing_is_told_to_the_device(record: Any) -> None:
    answer = record(statement="", accept="application/json")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"name": "statement", "words": "Write your own statement in a sentence or two."}]


def test_who_is_here(client_for: Any) -> None:
    one, other = (client_for(name).get("/field/here.json").json() for name in ("chenli", "huangyan"))
    assert one["reader"] != other["reader"]
    assert one["csrf"]
    assert client_for("linxiaomei").get("/field/here.json").status_code == 403
    assert client_for("").get("/field/here.json").status_code == 302


def test_somebody_else_is_signed_in_by_now(visit: int, path_of: Any, client_for: Any, jpeg: Any) -> None:
    mine = client_for("chenli").get("/field/here.json").json()["reader"]
    path = f"{path_of(visit)}photos/{uuid4()}/{uuid4()}"
    answer = client_for("huangyan").post(path, {"file": jpeg()}, headers={"Tongban-Keep": mine})
    assert answer.status_code == 409
    assert Photo.objects.count() == 0


def test_owner_stranger_and_nobody(visit: int, path_of: Any, client_for: Any, jpeg: Any) -> None:
    for who, status in (("linxiaomei", 403), ("luhao", 404), ("", 302)):
        assert _send(client_for(who), path_of(visit), uuid4(), uuid4(), jpeg()).status_code == status
    assert Photo.objects.count() == 0
