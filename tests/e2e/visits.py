"""A visit that somebody has recorded: something is to be put right by a day, so that the step is open still."""

from tests.e2e.running import City

__all__ = ["make_record"]

_RECORD = """
import io
from datetime import timedelta
from uuid import uuid4
from PIL import Image
from django.utils import timezone
from tongban.apps.cases.queries import get_visit
from tongban.apps.catalog.definitions import Finding
from tongban.apps.inspections.services import Written, add_photo, hand_in
from tongban.apps.people.models import User
from tongban.apps.people.queries import get_actor
buffer = io.BytesIO()
Image.new("RGB", (64, 48), (120, 90, 60)).save(buffer, "JPEG")
now = timezone.now()
actor = get_actor(user=User.objects.get(username="chenli"), on=timezone.localdate())
step = dict(number={number}, task=3, actor=actor, at=now)
visit = get_visit(**step)
found = {{item.code: Finding("6" if item.kind == "number" else "yes", "") for item in visit.items}}
found["pests"] = Finding("no", "后门没有挡鼠板")
key = uuid4()
for item in ("matches_plan", "cold_room", "pests", "front"):
    add_photo(key=uuid4(), record=key, item=item, content=buffer.getvalue(), told_at=now, place=None, **step)
hand_in(key=key, **step, written=Written(
    findings=found, notes="", result="rectify", rectify_by=timezone.localdate() + timedelta(days=7),
    statement="后门要加挡鼠板。", present="", signing="absent", signing_words="店员说负责人晚上才来。",
    checklist=visit.checklist.digest, told_at=now, sent_told_at=now))
print(key)
"""


def make_record(city: City, number: str) -> str:
    """Record a visit of that case, and return the record's key."""
    return city.command("shell", "-v0", "-c", _RECORD.format(number=number)).strip()
