"""What neighbours ask: which matters they may take in for us, a case of theirs, what has become of one of ours."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.apps.cases import services as cases
from tongban.apps.cases.errors import CaseError
from tongban.apps.cases.queries import get_filed, get_head
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.errors import UnknownMatter
from tongban.apps.catalog.queries import (
    PublishedMatter,
    get_matter,
    get_numbered,
    get_texts,
    get_version,
    list_national,
)
from tongban.apps.crossings.linking import apply, us_as
from tongban.apps.crossings.models import Brought, Crossing
from tongban.apps.evidence.errors import EvidenceError
from tongban.apps.evidence.queries import list_files, read_file
from tongban.apps.evidence.services import store_file
from tongban.apps.intake.errors import DraftIncomplete, IntakeError
from tongban.apps.intake.services import file_directly
from tongban.apps.ledger.queries import get_hash
from tongban.apps.neighbours.errors import Malformed, Refuse
from tongban.apps.neighbours.queries import get_neighbour
from tongban.apps.neighbours.services import register
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NameDiffers
from tongban.apps.people.queries import Applicant, get_department_names
from tongban.apps.people.services import find_or_register_organisation, find_or_register_person
from tongban.kernel.flow import Refused
from tongban.kernel.numbers import NumberError

__all__ = ["register_services"]

CHANNEL = "neighbour"
"""How a case came in that was filed in another city."""
_ENDINGS = ("pdf", "jpg", "png", "webp", "heic")

log = logging.getLogger(__name__)


def register_services() -> None:
    """Let neighbours who may cross ask all of this."""
    for name, take in _SERVICES.items():
        register(service=f"crossings/{name}", take=take, may="crossings", files=name == "content")


# --- matters ----------------------------------------------------------------------------------------------------------


def list_matters(*, sender: str, us: str, said: Mapping[str, Any], body: bytes, at: datetime) -> Mapping[str, Any]:
    """The matters that can be asked for from anywhere in the country, with what tells whether one has changed."""
    rows = list_national(on=get_calendar().local_date(at))
    return {"matters": [{"code": each.code, "digest": get_texts(version_id=each.version_id)[1]} for each in rows]}


def give_matter(*, sender: str, us: str, said: Mapping[str, Any], body: bytes, at: datetime) -> Mapping[str, Any]:
    """One of them: its facts, its form, its authority."""
    try:
        found = get_matter(code=str(said.get("code", "")), on=get_calendar().local_date(at))
    except UnknownMatter:
        raise Refuse("crossing.unknown-matter") from None
    _require_national(found)
    texts, digest = get_texts(version_id=found.version_id)
    authority = get_department_names()[found.definition.authority]
    return {
        "code": found.code,
        "version": found.version,
        "digest": digest,
        "files": {name: texts[name] for name in ("matter.yaml", "form.yaml")},
        "authority": {
            "code": authority.code,
            "name": {"zh": authority.name_zh, "en": authority.name_en},
            "short_name": {"zh": authority.short_zh, "en": authority.short_en},
            "credit_code": authority.credit_code,
            "level": found.definition.level,
            "phone": authority.phone,
        },
    }


def _require_national(matter: PublishedMatter) -> None:
    if matter.definition.area != "national":
        raise Refuse("crossing.not-national")


# --- a case of theirs -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Filing:
    """A filing as it was sent."""

    case: int
    head: tuple[int, bytes]
    matter: str
    version: int
    name: str
    number: str
    organisation: bool
    phone: str
    answers: Mapping[str, Any]
    materials: Sequence[Mapping[str, str]]


def take_content(*, sender: str, us: str, said: Mapping[str, Any], body: bytes, at: datetime) -> Mapping[str, Any]:
    """The bytes of a file, ahead of the case that it belongs to; twice is as good as once."""
    sha256 = hashlib.sha256(body).hexdigest()
    if not Brought.objects.filter(neighbour=sender, sha256=sha256).exists():
        try:
            with transaction.atomic():
                kept = store_file(
                    content=body, name=sha256, allowed=_ENDINGS, max_megabytes=1000, by=f"neighbour:{sender}", at=at
                )
                Brought.objects.create(neighbour=sender, sha256=sha256, file=kept.pk, brought_at=at)
        except EvidenceError as error:
            raise Refuse(error.code) from error
        except IntegrityError:  # sent twice at once
            pass
    return {"sha256": sha256}


def take_filing(*, sender: str, us: str, said: Mapping[str, Any], body: bytes, at: datetime) -> Mapping[str, Any]:
    """A case that was filed there for us to decide. Sent again, it is the same case here."""
    filing = _read_filing(said)
    held = Crossing.objects.filter(neighbour=sender, outgoing=False, other=filing.case)
    number = held.values_list("case", flat=True).first()
    if number is None:
        try:
            with transaction.atomic():
                number = _file(sender, filing, at)
        except IntegrityError:  # sent twice at once: the other one has just filed it
            number = held.values_list("case", flat=True).get()
    return {"case": number, "head": _head(number)}


def _file(sender: str, filing: _Filing, at: datetime) -> int:
    try:
        matter = get_numbered(code=filing.matter, version=filing.version)
        get_matter(code=filing.matter, on=get_calendar().local_date(at))
    except UnknownMatter:
        raise Refuse("crossing.unknown-matter") from None
    _require_national(matter)
    try:
        number = file_directly(
            matter=matter,
            applicant=_applicant(filing),
            agent_id=None,
            answers=filing.answers,
            materials=_keep(sender, matter.definition, filing.materials, at),
            channel=CHANNEL,
            actor=us_as(sender),
            at=at,
        )
    except DraftIncomplete as error:
        wrong = [each.field for each in error.errors]
        raise Refuse("crossing.incomplete", fields=wrong, materials=list(error.materials)) from error
    except (IntakeError, Refused, NameDiffers) as error:
        raise Refuse(str(error.code)) from error
    except NumberError as error:
        raise Refuse("crossing.number") from error
    seq, head = filing.head
    Crossing.objects.create(
        case=number,
        neighbour=sender,
        outgoing=False,
        other=filing.case,
        state="linked",
        heard=seq,
        head=head,
        begun_at=at,
    )
    data = {"city": sender, "case": filing.case, "seq": seq, "hash": head.hex()}
    cases.record_crossing(number=number, kind=cases.CROSSING_OPENED, data=data, actor=us_as(sender), at=at)
    return number


def _applicant(filing: _Filing) -> Applicant:
    if filing.organisation:
        return find_or_register_organisation(name=filing.name, credit_code=filing.number, phone=filing.phone)
    return find_or_register_person(name=filing.name, identity_number=filing.number, phone=filing.phone)


def _keep(
    sender: str, definition: MatterDefinition, materials: Sequence[Mapping[str, str]], at: datetime
) -> dict[str, list[UUID]]:
    """Files that were sent ahead, as the papers that they are. Raises ``Refuse`` for those that are not there."""
    wanted = {each["sha256"] for each in materials}
    rows = Brought.objects.filter(neighbour=sender, sha256__in=wanted)
    held = dict(rows.values_list("sha256", "file"))
    known = list_files(ids=held.values())
    if missing := sorted(wanted - {each.sha256 for each in known.values()}):
        raise Refuse("crossing.files-missing", files=missing)
    found: dict[str, list[UUID]] = {}
    for each in materials:
        spec = definition.material(each["code"])
        if spec is None or not spec.is_asked:
            raise Refuse("material.unknown")
        try:
            kept = store_file(
                content=read_file(sha256=each["sha256"]),
                name=each["name"],
                allowed=spec.accept,
                max_megabytes=spec.max_mb,
                by=f"neighbour:{sender}",
                at=at,
            )
        except EvidenceError as error:
            raise Refuse(error.code) from error
        found.setdefault(spec.code, []).append(kept.pk)
    return found


def _read_filing(said: Mapping[str, Any]) -> _Filing:
    try:
        applicant, head = said["applicant"], said["head"]
        return _Filing(
            case=_number(said["case"]),
            head=(int(head["seq"]), bytes.fromhex(head["hash"])),
            matter=str(said["matter"]),
            version=int(said["version"]),
            name=str(applicant["name"])[:120],
            number=str(applicant["number"])[:32],
            organisation=applicant["organisation"] is True,
            phone=str(applicant["phone"])[:40],
            answers=dict(said["answers"]),
            materials=_read_materials(said["materials"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed from error


def _read_materials(said: object) -> list[dict[str, str]]:
    if not isinstance(said, list) or len(said) > 200:
        raise ValueError
    return [{name: str(each[name])[:200] for name in ("code", "name", "sha256")} for each in said]


# --- what has become of it --------------------------------------------------------------------------------------------


def take_word(*, sender: str, us: str, said: Mapping[str, Any], body: bytes, at: datetime) -> Mapping[str, Any]:
    """An entry of the log of the case there, and what it means for the case here; each once, in order."""
    try:
        number, other, kind = _number(said["case"] or 0), _number(said["other"]), str(said["kind"])[:40]
        seq, head = int(said["head"]["seq"]), bytes.fromhex(said["head"]["hash"])
        data = dict(said["data"])
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed from error
    with transaction.atomic():
        crossing = Crossing.objects.select_for_update().filter(case=number, neighbour=sender).first()
        if crossing is None or crossing.other not in (None, other):
            raise Refuse("crossing.unknown-case")
        if seq > crossing.heard:
            _take_word(crossing, other, kind, (seq, head), {**said, "data": data}, at)
    return {"head": _head(number)}


def _take_word(
    crossing: Crossing, other: int, kind: str, head: tuple[int, bytes], said: Mapping[str, Any], at: datetime
) -> None:
    data, opened = said["data"], crossing.other is None
    if crossing.outgoing:
        failed = apply(crossing=crossing, kind=kind, data=data, at=at)
        if kind == "certificate.issued":
            _note_result(crossing, data)
    else:
        failed = _from_applicant(crossing, kind, said, at)
    # Their word may overtake the answer to our handing over: then it says which case there ours has become.
    crossing.other, crossing.state = other, "linked"
    crossing.heard, crossing.head = head
    crossing.save()
    told = {"city": crossing.neighbour, "case": other, "seq": head[0], "hash": head[1].hex()}
    if not opened:
        told |= {"kind": kind, **({"not_done": failed} if failed else {})}
    cases.record_crossing(
        number=crossing.case,
        kind=cases.CROSSING_OPENED if opened else cases.CROSSING_HEARD,
        data=told,
        actor=us_as(crossing.neighbour),
        at=at,
    )


def _note_result(crossing: Crossing, data: Mapping[str, Any]) -> None:
    page = str(data.get("page", ""))
    crossing.certificate = str(data.get("identifier", ""))[:120]
    if page.startswith(f"{get_neighbour(crossing.neighbour).url}/"):
        crossing.page = page[:300]


def _from_applicant(crossing: Crossing, kind: str, said: Mapping[str, Any], at: datetime) -> str:
    """What the applicant has done there: handed in what was asked for, or taken the case back."""
    filed = get_filed(number=crossing.case)
    owner = Actor(
        id=f"neighbour:{crossing.neighbour}",
        person_id=filed.person,
        organisations=frozenset([filed.organisation] if filed.organisation else []),
    )
    try:
        with transaction.atomic():
            if kind == "supplement.answered":
                definition = get_version(version_id=filed.version_id).definition
                result = definition.form.validate(answers=dict(said["answers"]))
                materials = _keep(crossing.neighbour, definition, _read_materials(said["materials"]), at)
                if result.errors:
                    raise Refuse("crossing.incomplete", fields=[each.field for each in result.errors])
                cases.answer_supplement(
                    number=crossing.case, answers=result.clean, materials=materials, actor=owner, at=at
                )
            elif kind == "case.withdrawn":
                reason = str(said["data"].get("reason", ""))
                cases.withdraw(number=crossing.case, reason=reason, actor=owner, at=at)
    except (Refused, CaseError) as error:
        return str(error.code)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed from error
    return ""


def give_hash(*, sender: str, us: str, said: Mapping[str, Any], body: bytes, at: datetime) -> Mapping[str, Any]:
    """The hash of one entry of the log of a case that is linked to one of theirs, for them to compare."""
    try:
        number, seq = _number(said["case"]), int(said["seq"])
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed from error
    if not Crossing.objects.filter(case=number, neighbour=sender).exists():
        raise Refuse("crossing.unknown-case")
    return {"hash": get_hash(case=number, seq=seq).hex()}


def _number(said: object) -> int:
    if type(said) is not int or not 0 < said < 10**16:
        raise ValueError
    return said


def _head(number: int) -> dict[str, Any]:
    seq, head = get_head(number=number)
    return {"seq": seq, "hash": head.hex()}


_SERVICES = {
    "matters": list_matters,
    "matter": give_matter,
    "content": take_content,
    "file": take_filing,
    "heard": take_word,
    "hash": give_hash,
}
