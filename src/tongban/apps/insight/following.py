"""Counting along the log: what people were spared by what was on file."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from tongban.apps.insight.models import Reuse
from tongban.apps.ledger.services import Followed

__all__ = ["KINDS", "count_reuse"]

KINDS = ("case.filed",)
_COUNTED = ("questions", "papers", "trips", "pages")


def count_reuse(events: Sequence[Followed], at: datetime) -> None:
    """Add what these filings spared. Each event is counted once: its place in the log moves in the same transaction."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("cases", *_COUNTED), 0))
    for each in events:
        about = each.event.data.get("about", {})
        reused = about.get("reused")
        if reused:
            counts = found[about["matter"]]
            counts["cases"] += 1
            for name in _COUNTED:
                counts[name] += reused.get(name, 0)
    for matter, counts in sorted(found.items()):
        Reuse.objects.get_or_create(matter=matter)
        Reuse.objects.filter(pk=matter).update(**{name: F(name) + count for name, count in counts.items()})
