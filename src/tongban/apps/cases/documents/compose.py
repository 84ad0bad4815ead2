"""A document as a letter, and as a PDF. It is drawn from the log, signed once and kept (docs/adr/0039)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext, override

from tongban.apps.cases.documents.owed import CaseDocument
from tongban.apps.cases.documents.values import flags_of, lists_of, values_of
from tongban.apps.cases.queries.views import CaseView
from tongban.apps.catalog.city import get_documents, get_seals
from tongban.apps.catalog.definitions.documents import Block, fill
from tongban.apps.evidence.queries import Letter, LetterPart, Listing, Seal
from tongban.apps.evidence.services import hand_out_letter
from tongban.apps.ledger import queries as ledger
from tongban.kernel import flow
from tongban.kernel.numbers import mask_name

__all__ = ["compose_letter", "render_document"]

LANGUAGES = ("zh-hans", "en")  # the first is the one that counts


def render_document(
    *, view: CaseView, document: CaseDocument, check_url: str, at: datetime, masked: bool = False
) -> bytes:
    """Return a document of a case as a signed PDF. ``masked`` hides all but the first character of a person's name."""
    letter = compose_letter(view=view, document=document, check_url=check_url, masked=masked)
    seen = f"{view.number}-{document.entry}{'-masked' if masked else ''}"
    return hand_out_letter(letter=letter, case=view.number, document=seen, at=at)


def compose_letter(*, view: CaseView, document: CaseDocument, check_url: str, masked: bool = False) -> Letter:
    """Return what a document says, in both languages. One query, for the hash of its entry."""
    state = view.versions.replay(history=view.history, until=document.entry)
    view = replace(view, definition=view.versions.at(document.entry))
    check = ledger.get_hash(case=view.number, seq=document.entry).hex()[:16].upper()
    parts = tuple(_part(view, document, state, check, language, masked) for language in LANGUAGES)
    seal = get_seals().get(view.row.authority, Seal())
    return Letter(number=document.number, parts=parts, check_url=check_url, seal=seal)


def _part(
    view: CaseView, document: CaseDocument, state: flow.State, check: str, language: str, masked: bool
) -> LetterPart:
    words = get_documents()
    name = view.row.applicant_name
    if masked and not view.for_organisation:
        name = mask_name(name)
    values = values_of(view, document, state, name=name, check=check, language=language)
    lists, flags = lists_of(view, document, state, language), flags_of(view, document, state)
    kind = words.kinds[document.kind]
    body = [each for block in kind.body for each in _block(block, values, lists, flags, language)]
    with override(language):
        number = gettext("No. %(number)s") % {"number": document.number}
        addressee = gettext("%(name)s:") % {"name": name}
    return LetterPart(
        language=language,
        issuer=values["authority"],
        title=kind.title.in_language(language),
        number=number,
        addressee=addressee,
        body=tuple(body),
        date=values["date"],
        foot=fill(words.foot.in_language(language), values) or "",
        note="" if language == LANGUAGES[0] else words.translation.in_language(language),
    )


def _block(
    block: Block,
    values: Mapping[str, str],
    lists: Mapping[str, tuple[str, tuple[str, ...]]],
    flags: frozenset[str],
    language: str,
) -> Iterator[str | Listing]:
    if block.when and block.when not in flags:
        return
    if block.text is not None:
        words = fill(block.text.in_language(language), values)
        if words:
            yield words
        return
    lead, items = lists[block.list]
    if items:
        yield Listing(lead, items)
