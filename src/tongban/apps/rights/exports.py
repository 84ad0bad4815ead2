"""A copy of one's data: asked for, made in the background, fetched for a day, then gone."""

import json
import os
import tempfile
import zipfile
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongban.apps.catalog.city import get_calendar, get_city
from tongban.apps.evidence.errors import FileRemoved
from tongban.apps.evidence.queries import Letter, LetterPart, Listing, read_file
from tongban.apps.evidence.services import draw_letter, hand_out_certificate
from tongban.apps.people.actors import Actor
from tongban.apps.rights.errors import UnknownExport
from tongban.apps.rights.exporting import Collected, collect
from tongban.apps.rights.models import Export
from tongban.kernel.numbers import format_case_number

__all__ = ["ask_export", "get_export", "make_export", "open_export", "sweep_exports"]

LASTS = timedelta(hours=24)
STUCK = timedelta(minutes=30)
"""After so long a copy that is still being made was given up by a process that died."""


def ask_export(*, actor: Actor, at: datetime) -> UUID:
    """Let a copy of the actor's data be made; the one under way, or that is there, if there is one."""
    found = get_export(actor=actor, at=at)
    if found is not None and found.state in ("waiting", "making", "ready"):
        return found.pk
    assert actor.person_id is not None
    assert actor.user_id is not None
    row = Export.objects.create(person_id=actor.person_id, user_id=actor.user_id, asked_at=at, state="waiting")
    from tongban.apps.rights.tasks import make

    transaction.on_commit(lambda: make.enqueue(str(row.pk)))
    return row.pk


def get_export(*, actor: Actor, at: datetime) -> Export | None:
    """The actor's latest copy that has not run out; one that a dead process left lying counts as failed."""
    if actor.person_id is None:
        return None
    row = Export.objects.filter(person=actor.person_id).order_by("-asked_at").first()
    if row is None or (row.expires_at is not None and row.expires_at <= at):
        return None
    if row.state in ("waiting", "making") and row.asked_at + STUCK < at:
        row.state = "failed"
    return row


def open_export(*, actor: Actor, export: UUID, at: datetime) -> Path:
    """Where the copy lies. Raises ``UnknownExport`` for anybody else's, and for one that has run out."""
    rows = Export.objects.filter(pk=export, person=actor.person_id, state="ready", expires_at__gt=at)
    if actor.person_id is None or not rows.exists() or not _path(export).exists():
        raise UnknownExport
    return _path(export)


def make_export(*, export: UUID) -> None:
    """Make a copy that was asked for; done already, nothing. What goes wrong is noted and raised."""
    taken = Export.objects.filter(pk=export, state__in=("waiting", "failed")).update(state="making", done=0)
    if not taken:
        return
    row = Export.objects.get(pk=export)
    at = timezone.now()
    try:
        found = collect(
            person_id=row.person_id,
            user_id=row.user_id,
            at=at,
            on=get_calendar().local_date(at),
            told=partial(_tell, export),
        )
        size = _write(_path(export), found, at)
    except Exception:
        Export.objects.filter(pk=export).update(state="failed")
        raise
    Export.objects.filter(pk=export).update(state="ready", size=size, expires_at=at + LASTS)


def sweep_exports(*, at: datetime) -> int:
    """Remove copies that have run out or were given up; return how many."""
    old = Export.objects.filter(expires_at__lte=at) | Export.objects.filter(expires_at=None, asked_at__lt=at - LASTS)
    keys = list(old.values_list("pk", flat=True))
    for key in keys:
        _path(key).unlink(missing_ok=True)
    Export.objects.filter(pk__in=keys).delete()
    return len(keys)


def _tell(export: UUID, done: int, total: int) -> None:
    """Note how far it is, now and then: a copy of a thousand cases is not a thousand writes."""
    if done == total or done % 10 == 0:
        Export.objects.filter(pk=export).update(done=done, total=total)


def _path(export: UUID) -> Path:
    return Path(settings.FILES) / "exports" / f"{export}.zip"


def _write(path: Path, found: Collected, at: datetime) -> int:
    """Write the archive beside its place and move it there whole; return its size. One file in memory at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.json", json.dumps(found.data, ensure_ascii=False, indent=2))
            archive.writestr("data.pdf", draw_letter(letter=_letter(found, at)))
            for case, each in found.files:
                try:
                    content = read_file(sha256=each.file.sha256)
                except FileRemoved:  # let go of while this was being made
                    continue
                archive.writestr(f"files/{case:016d}/{each.no}-{each.file.name}", content)
            for one in found.certificates:
                verify_url = f"{settings.BASE_URL}/verify/{one.identifier}/"
                archive.writestr(
                    f"certificates/{one.identifier}.pdf",
                    hand_out_certificate(certificate=one, verify_url=verify_url, at=at),
                )
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return path.stat().st_size


def _letter(found: Collected, at: datetime) -> Letter:
    number = f"{at:%Y%m%d%H%M}"
    parts = tuple(_part(found, language, number, at) for language in ("zh-hans", "en"))
    return Letter(number=number, parts=parts, check_url=f"{settings.BASE_URL}/me/")


def _part(found: Collected, language: str, number: str, at: datetime) -> LetterPart:
    data, key = found.data, "zh" if language.startswith("zh") else "en"
    person = data["person"]
    with override(language):
        cases = [
            f"{format_case_number(int(each['number']))} · {each['matter']['name'][key]} · {each['filed_at'][:10]}"
            for each in data["cases"]
        ]
        certificates = [f"{each['name'][key]} · {each['identifier']}" for each in data["certificates"]]
        counts = [
            _("Notices: %(count)s") % {"count": len(data["notices"])},
            _("Consents given or withdrawn: %(count)s") % {"count": len(data["consents"])},
            _("Looks at your data: %(count)s") % {"count": len(data["looks"])},
            _("Questions to registers: %(count)s") % {"count": len(data["registers_asked"])},
            _("Numbers and appointments in service halls: %(count)s") % {"count": len(data["service_halls"])},
        ]
        whose = [person["name"], person["identity_number"], person["phone"]]
        acting = [each["name"] for each in data["acts_for"]]
        listings = [
            Listing(_("Who you are"), tuple(filter(None, whose))),
            Listing(_("For whom you act"), tuple(acting)),
            Listing(_("Your cases"), tuple(cases)),
            Listing(_("Your certificates"), tuple(certificates)),
            Listing(_("Besides"), tuple(counts)),
        ]
        return LetterPart(
            language=language,
            issuer=get_city().government[key],
            title=_("What is on file of you"),
            number=_("No. %(number)s") % {"number": number},
            addressee=_("%(name)s:") % {"name": person["name"]},
            body=tuple(each for each in listings if each.items),
            date=f"{timezone.localtime(at):%Y-%m-%d}",
            foot=_("The file data.json beside this says all of it, in a form that programs read."),
        )
