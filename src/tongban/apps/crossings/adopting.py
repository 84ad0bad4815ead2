"""Matters of neighbours, offered here: their facts and their form, with a process of ours that waits for their word.

What they say is kept as it is but for what is ours to say: the code and the authority carry the neighbour's code, the
name and the search words its name. Nothing is fetched or paid here: both are theirs to do.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MatterFiles
from tongban.apps.catalog.definitions.problems import Problem
from tongban.apps.catalog.definitions.source import read_yaml
from tongban.apps.catalog.errors import CatalogError, DefinitionsInvalid
from tongban.apps.catalog.services import publish_foreign, withdraw
from tongban.apps.crossings.errors import CannotAdopt
from tongban.apps.crossings.models import AdoptedVersion, LeftThere
from tongban.apps.neighbours.errors import NeighbourRefused
from tongban.apps.neighbours.queries import Neighbour, get_neighbour
from tongban.apps.neighbours.services import ask
from tongban.apps.people.services import load_departments

__all__ = ["Adopted", "adopt"]

PROCESS = "elsewhere.bpmn"
ELSEWHERE = "elsewhere"
"""The process of a matter that a neighbour decides, by its id in that file."""

Adopted = tuple[list[str], list[CannotAdopt]]
"""Codes under which matters are offered here from now on or anew, and what stands against others."""


def adopt(*, neighbour: str, at: datetime) -> Adopted:
    """Offer here what a neighbour offers to everybody in the country, as it says now; withdraw what it no longer does.

    Raises what ``neighbours.services.ask`` raises.
    """
    them, new, refused = get_neighbour(neighbour), [], []
    listed = _rows(ask(neighbour=neighbour, service="crossings/matters", said={}, at=at).get("matters"))
    last = {row.theirs: row for row in AdoptedVersion.objects.filter(neighbour=neighbour).order_by("version")}
    left: dict[str, LeftThere] = {}
    for row in listed:
        code, digest = str(row.get("code", "")), str(row.get("digest", ""))
        if code in last and last[code].digest == digest:
            continue
        said: Mapping[str, Any] = {}
        try:
            said = ask(neighbour=neighbour, service="crossings/matter", said={"code": code}, at=at)
            new.append(_adopt(them, code, said, at))
        except CannotAdopt as error:
            refused.append(error)
            left[code] = _left(them, code, said, error, at)
        except NeighbourRefused as error:
            refused.append(CannotAdopt(matter=code, neighbour=neighbour, why=error.params["refusal"]))
    _keep_left(neighbour, left)
    offered = {str(row.get("code", "")) for row in listed}
    for code in last.keys() - offered:
        withdraw(matter=last[code].matter, on=get_calendar().local_date(at))
    return new, refused


def _adopt(them: Neighbour, code: str, said: Mapping[str, Any], at: datetime) -> str:
    try:
        department = _department(them, said["authority"])
        files = _files(them, code, said["files"], department["code"])
        with transaction.atomic():
            load_departments(rows=[department])
            day = get_calendar().local_date(at)
            published = publish_foreign(files=files, city=them.code, effective_from=day, at=at)
            if published is not None:
                AdoptedVersion.objects.create(
                    version=published.version_id,
                    matter=files.code,
                    neighbour=them.code,
                    theirs=code,
                    their_version=int(said["version"]),
                    digest=str(said["digest"])[:64],
                    adopted_at=at,
                )
    except DefinitionsInvalid as error:
        raise CannotAdopt(matter=code, neighbour=them.code, why=str(error.problems[0])) from error
    except (CatalogError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise CannotAdopt(
            matter=code, neighbour=them.code, why=f"it cannot be read ({type(error).__name__})"
        ) from error
    return files.code


def _left(them: Neighbour, code: str, said: Mapping[str, Any], why: CannotAdopt, at: datetime) -> LeftThere:
    """A matter that people have to ask for there, by the name that it has there; its code, if that cannot be read."""
    try:
        name = _document(said["files"], "matter.yaml")["name"]
        words = {"zh": str(name["zh"])[:80], "en": str(name["en"])[:120]}
    except (DefinitionsInvalid, KeyError, TypeError, AttributeError):
        words = {"zh": code, "en": code}
    fee = bool(why.params.get("fee"))
    return LeftThere(neighbour=them.code, theirs=code[:64], name=words, fee=fee, noted_at=at)


def _keep_left(neighbour: str, left: Mapping[str, LeftThere]) -> None:
    with transaction.atomic():
        LeftThere.objects.filter(neighbour=neighbour).delete()
        LeftThere.objects.bulk_create(left.values())


_NOT_HERE = ("rules", "joint_with", "special_procedures", "drafted_at")
"""What belongs to steps that are done there."""


def _department(them: Neighbour, row: Mapping[str, Any]) -> dict[str, Any]:
    """The authority there, as a department that nobody here serves in: what it does, only its own word does."""
    return {
        "code": f"{them.code}-{row['code']}"[:64],
        "name": {"zh": str(row["name"]["zh"])[:80], "en": str(row["name"]["en"])[:120]},
        "short_name": {
            "zh": f"{them.name['zh']}{row['short_name']['zh']}"[:40],
            "en": f"{row['short_name']['en']} ({them.name['en']})"[:60],
        },
        "credit_code": str(row["credit_code"])[:18],
        "level": str(row["level"])[:1],
        "phone": str(row.get("phone", ""))[:40],
    }


def _files(them: Neighbour, code: str, texts: Mapping[str, str], authority: str) -> MatterFiles:
    matter = _document(texts, "matter.yaml")
    if matter["fee"]["amount"] or "formula" in matter["fee"]:
        raise CannotAdopt(
            matter=code, neighbour=them.code, why="it has a fee, which is not collected for others", fee=True
        )
    ours = f"{them.code}-{code}"
    name = matter["name"]
    words = matter["keywords"]
    kept = {each: matter[each] for each in matter if each not in _NOT_HERE}
    kept |= {
        "code": ours,
        "authority": authority,
        "name": {"zh": f"{name['zh']}（{them.name['zh']}）", "en": f"{name['en']} ({them.name['en']})"},
        "keywords": {"zh": [*words["zh"], them.name["zh"]], "en": [*words["en"], them.name["en"]]},
        "process": PROCESS,
        "ways": ["2"],
        "kind": "promised",
        "appointment": False,
        "express": False,
        "four_eyes": False,
        "online_payment": False,
    }
    form = _document(texts, "form.yaml")
    return MatterFiles(ours, {"matter.yaml": _text(kept), "form.yaml": _text(form), PROCESS: _process()})


def _document(texts: Mapping[str, str], name: str) -> dict[str, Any]:
    found = read_yaml(texts[name], file=name)
    if isinstance(found, Problem):
        raise DefinitionsInvalid([found])
    value: dict[str, Any] = found.value
    return value


def _text(value: Mapping[str, Any]) -> str:
    """JSON is YAML, and says in quotes what is text."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=_number)


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


@cache
def _process() -> str:
    return (Path(__file__).parent / "defaults" / PROCESS).read_text("utf-8")


def _rows(listed: object) -> list[Mapping[str, Any]]:
    return [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []
