"""Ready-made texts at hand where an opinion or a reason is written, and put into it with a press."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.consequences import Offer, Work
from tongban.apps.desks.queries import PhraseRow, list_fitting_phrases
from tongban.apps.people.queries import get_department_names

__all__ = ["Ready", "put_in", "ready_for"]


@dataclass(frozen=True, slots=True)
class Ready:
    """The texts that fit."""

    rows: tuple[PhraseRow, ...] = ()

    def for_act(self, act: str) -> "Ready":
        """Those for a step of this kind; "" is the case as a whole."""
        return Ready(tuple(row for row in self.rows if row.fits(act=act)))

    def find(self, ident: str) -> PhraseRow | None:
        """The text of that number, if it is among them."""
        return next((row for row in self.rows if str(row.id) == ident), None)

    @property
    def groups(self) -> list[tuple[str, list[PhraseRow]]]:
        """One's own first, then those of each department, by name."""
        language, names = get_language() or "zh-hans", get_department_names()
        found: dict[str, list[PhraseRow]] = {}
        for row in sorted(self.rows, key=lambda row: row.department):
            short = names[row.department].short(language) if row.department in names else row.department
            found.setdefault(short if row.department else _("My own"), []).append(row)
        return list(found.items())


def ready_for(work: Work) -> Ready:
    """Return the texts that its reader has for such a case; one query, none where nothing can be done."""
    if not work.offers:
        return Ready()
    return Ready(tuple(list_fitting_phrases(actor=work.actor, matter=work.view.row.matter)))


def put_in(posted: QueryDict, *, field: str, work: Work, offer: Offer) -> QueryDict:
    """Return what was posted with the chosen text behind what is written already; as it is where none was chosen."""
    if "insert" not in posted or not field or not posted.get("phrase"):
        return posted
    chosen = ready_for(work).for_act(offer.task.act if offer.task else "").find(posted.get("phrase", ""))
    if chosen is None:
        return posted
    written = posted.copy()
    before = posted.get(field, "").rstrip()
    written[field] = f"{before}\n{chosen.words}" if before else chosen.words
    return written
