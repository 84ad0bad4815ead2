"""Every document of a case on paper: what others read in it, its seal, and that it is made again to the same byte."""

import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.utils import timezone, translation
from pyhanko.pdf_utils.reader import PdfFileReader

from tongban.apps.cases.documents import CaseDocument, compose_letter, list_documents, render_document
from tongban.apps.cases.queries import CaseView, get_case
from tongban.apps.catalog.definitions.documents import DOCUMENTS
from tongban.apps.evidence.models import SignedPaper
from tongban.apps.evidence.queries import Listing
from tongban.apps.people.models import Department
from tongban.kernel.clock import Limit

pytestmark = pytest.mark.django_db
CHECK = "https://example.cn/track"

_DRAW = """
import hashlib, pickle, sys
from tongban.apps.evidence.printing import render
for letter in pickle.loads(sys.stdin.buffer.read()):
    print(hashlib.sha256(render(letter, sealed=True).content).hexdigest())
"""


def _tool(name: str, *given: str) -> str:
    assert shutil.which(name), f"{name} is missing: run sh tests/system.sh"
    return subprocess.run([name, *given], capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.fixture
def look(actor_for: Callable[[str], Any]) -> Callable[..., CaseView]:
    return lambda number, who="linxiaomei": get_case(number=number, actor=actor_for(who), at=timezone.now())


@pytest.fixture
def owed(
    file_case: Any, act: Any, granted: Callable[..., int], look: Callable[..., CaseView], actor_for: Any
) -> Mapping[str, tuple[CaseView, CaseDocument]]:
    """One document of each kind, with its case."""
    from tongban.apps.cases import services

    numbers = [granted()]
    asked, refused, denied = file_case(), file_case(), file_case()
    act(
        asked, "request_supplement", by="wangqian", items=("floor_plan",), note="", within=Limit.parse("5 working days")
    )
    act(refused, "refuse", by="wangqian", reason="Not here.")
    act(denied, "accept", by="wangqian")
    services.extend(
        number=denied,
        by=Limit.parse("5 working days"),
        reason="A laboratory.",
        actor=actor_for("hejun"),
        at=timezone.now(),
    )
    for node, officer in (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun")):
        act(denied, "complete", by=officer, node=node, outcome="fail", opinion="No sink.")
    act(denied, "decide", by="hejun", node="decide", outcome="denied", reason="There is no sink.")
    numbers += [asked, refused, denied]
    for outcome in ("granted", "denied", "passed_on"):
        noise = file_case(matter="noise-complaint")
        act(noise, "accept", by="xuhong")
        for node in ("contact", "visit", "order_fix"):
            act(noise, "complete", by="fupeng", node=node, outcome="pass", opinion="Seen.")
        act(noise, "decide", by="dingning", node="decide", outcome=outcome, reason="They stop at ten.")
        numbers.append(noise)
    for outcome in ("granted", "denied"):
        number = file_case(username="wuxiaochuan", matter="information-request", concerns=["government"])
        act(number, "accept", by="yaoqi")
        act(number, "complete", by="yaoqi", node="handle", outcome="pass", opinion="Found.")
        act(number, "complete", by="luqing", node="review", outcome="pass", opinion="Yes.")
        act(number, "decide", by="luqing", node="decide", outcome=outcome, reason="Here it is.")
        numbers.append(number)
    found: dict[str, tuple[CaseView, CaseDocument]] = {}
    for number in numbers:
        view = look(number, "wuxiaochuan" if number in numbers[-2:] else "linxiaomei")
        for each in list_documents(case=number, history=view.history, definition=view.definition):
            found.setdefault(each.kind, (view, each))
    assert set(found) == set(DOCUMENTS)
    return found


@pytest.mark.once
def test_others_read_each_of_them(owed: Mapping[str, tuple[CaseView, CaseDocument]], tmp_path: Path) -> None:
    for kind, (view, document) in owed.items():
        content = render_document(view=view, document=document, check_url=CHECK, at=timezone.now())
        paper = tmp_path / f"{kind}.pdf"
        paper.write_bytes(content)
        words = _tool("pdftotext", str(paper), "-")
        assert document.title.zh in words, kind
        assert f"编号：{document.number}" in words, kind
        assert "政务服务专用章" in words, kind
        fonts = [line.split() for line in _tool("pdffonts", str(paper)).splitlines()[2:]]
        assert fonts, kind
        assert all(line[-5:-3] == ["yes", "yes"] for line in fonts), f"{kind}: embedded and subset"
        said = _tool("pdfsig", str(paper))
        assert "Signature is Valid" in said, kind
        assert "Total document signed" in said, kind


@pytest.mark.once
def test_each_is_drawn_the_same_by_processes_that_know_nothing_of_each_other(
    owed: Mapping[str, tuple[CaseView, CaseDocument]],
) -> None:
    with translation.override("en"):
        letters = [compose_letter(view=view, document=each, check_url=CHECK) for view, each in owed.values()]
    with translation.override("zh-hans"):
        assert letters == [compose_letter(view=view, document=each, check_url=CHECK) for view, each in owed.values()]
    drawn = [
        subprocess.run(
            [sys.executable, "-c", _DRAW],
            input=pickle.dumps(letters),
            capture_output=True,
            check=True,
            timeout=120,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout.split()
        for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/Lima"))
    ]
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) == len(letters)


def test_each_rests_on_law_and_says_what_one_can_do(owed: Mapping[str, tuple[CaseView, CaseDocument]]) -> None:
    for kind, (view, document) in owed.items():
        for part in compose_letter(view=view, document=document, check_url=CHECK).parts:
            leads = [block.lead for block in part.body if isinstance(block, Listing)]
            words = "\n".join(block for block in part.body if isinstance(block, str))
            assert {"办理依据：", "Legal basis:"} & {lead.strip() for lead in leads}, kind
            remedy = r"复议|投诉|起诉|复查|reconsideration|[Cc]omplain|court|review"
            assert re.search(remedy, words), (kind, part.language)


def test_the_seal_stands_over_who_signs_and_when(granted: Callable[..., int], look: Callable[..., CaseView]) -> None:
    view = look(granted())
    document = list_documents(case=view.number, history=view.history, definition=view.definition)[-1]
    content = render_document(view=view, document=document, check_url=CHECK, at=timezone.now())
    reader = PdfFileReader(BytesIO(content))
    (signature,) = reader.embedded_regular_signatures
    left, bottom, right, top = (int(each) for each in signature.sig_field["/Rect"])
    assert (right - left, top - bottom) == (119, 119)
    assert left > 300
    assert bottom > 100


def test_what_has_gone_out_stays_what_it_was(granted: Callable[..., int], look: Callable[..., CaseView]) -> None:
    view, at = look(granted()), timezone.now()
    documents = list_documents(case=view.number, history=view.history, definition=view.definition)
    first = render_document(view=view, document=documents[0], check_url=CHECK, at=at)
    masked = render_document(view=view, document=documents[0], check_url=CHECK, at=at, masked=True)
    Department.objects.filter(pk=view.row.authority).update(name_zh="明川市市场监管委员会")
    cache.clear()
    later = at + timedelta(days=9)
    assert render_document(view=view, document=documents[0], check_url=CHECK, at=later) == first
    assert render_document(view=view, document=documents[0], check_url=CHECK, at=later, masked=True) == masked
    assert masked != first


def test_a_paper_whose_bytes_are_lost_is_made_again_to_the_byte(
    granted: Callable[..., int], look: Callable[..., CaseView]
) -> None:
    view, at = look(granted()), timezone.now() - timedelta(days=3)
    documents = list_documents(case=view.number, history=view.history, definition=view.definition)
    first = render_document(view=view, document=documents[1], check_url=CHECK, at=at)
    about = PdfFileReader(BytesIO(first)).trailer_view["/Info"]
    assert f"{timezone.localtime(at):D:%Y%m%d%H%M%S}" in about["/ModDate"]  # nothing in it reads the clock
    _lose(first)
    assert render_document(view=view, document=documents[1], check_url=CHECK, at=at + timedelta(days=40)) == first
    # What cannot be made again is signed anew, and what somebody has of it is still known.
    _lose(first)
    Department.objects.filter(pk=view.row.authority).update(name_zh="明川市市场监管委员会")
    cache.clear()
    second = render_document(view=view, document=documents[1], check_url=CHECK, at=at + timedelta(days=41))
    assert second != first
    kept = {row.sha256: row.removed_at is None for row in SignedPaper.objects.all()}
    assert kept == {sha256(first).hexdigest(): False, sha256(second).hexdigest(): True}


def _lose(content: bytes) -> None:
    name = sha256(content).hexdigest()
    (Path(configured.FILES) / name[:2] / name[2:4] / name).unlink()
