"""What one applicant was told, for who acts for them: the switch "I act for ..." looks at the inbox through this."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.apps.channels.models import Notice

__all__ = ["concerning"]


def concerning(person_id: int, whose: str, matters: Collection[str] | None) -> QuerySet[Notice]:
    """The notices about the applicant ``whose`` that somebody may read who acts for it in ``matters`` (None: all).

    Of an organisation these are what everybody was told who acted for it, each thing once: the reader's own notice of
    it, or else the first of the others'. Of a person they are the reader's own: who acts for somebody sees what they
    have filed for them, and that they were told.
    """
    rows = Notice.objects.filter(whose=whose, desk=False)
    if not whose.startswith("organisation:"):
        return rows.filter(person=person_id)
    if matters is not None:
        rows = rows.filter(Q(matter__in=matters) | Q(matter="", person=person_id))
    same = rows.filter(case=OuterRef("case"), kind=OuterRef("kind"), at=OuterRef("at"))
    before = Exists(same.filter(Q(person=person_id) | Q(pk__lt=OuterRef("pk"))))
    # What is about no case, as a draft that ends, is its owner's alone.
    return rows.filter(Q(person=person_id) | (~Q(case=None) & ~before))
