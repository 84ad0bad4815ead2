"""What officials read in one go: what is due, what will be late, cards, patterns, audits and halls.

Each working morning whoever has something that is due, whoever leads a department and who supervises; once a week the
last two. Who has nothing to read gets nothing. No applicant is named: a step is named by its matter and its case.
"""

from tongban.apps.channels.reports.facts import Facts, gather, is_morning, since_of
from tongban.apps.channels.reports.writing import KINDS, Section, as_html, as_text, sections_for, summary_of

__all__ = [
    "KINDS",
    "Facts",
    "Section",
    "as_html",
    "as_text",
    "gather",
    "is_morning",
    "sections_for",
    "since_of",
    "summary_of",
]
