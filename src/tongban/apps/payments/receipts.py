"""The receipt of a payment, as PDF: an electronic bill of non-tax income, in both languages."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongban.apps.cases.queries import CaseView
from tongban.apps.catalog.city import get_seals
from tongban.apps.evidence.queries import Letter, LetterPart, Listing, Seal
from tongban.apps.evidence.services import hand_out_letter
from tongban.apps.payments.fees import PaymentLine
from tongban.apps.people.queries import get_department_names
from tongban.kernel.numbers import format_case_number

__all__ = ["render_receipt"]

LANGUAGES = ("zh-hans", "en")


def render_receipt(*, case: CaseView, payment: PaymentLine, check_url: str, at: datetime) -> bytes:
    """Return the receipt of one payment of a case as a signed PDF. Equal payments give equal bytes."""
    parts = tuple(_part(case, payment, language) for language in LANGUAGES)
    seal = get_seals().get(case.row.authority, Seal())
    letter = Letter(number=payment.receipt_no, parts=parts, check_url=check_url, seal=seal)
    return hand_out_letter(letter=letter, case=None, at=at)  # accounts are kept longer than cases are


def _part(case: CaseView, payment: PaymentLine, language: str) -> LetterPart:
    authority = get_department_names()[case.row.authority]
    with override(language):
        paid = timezone.localtime(payment.paid_at)
        items = [
            _("For: %(matter)s") % {"matter": case.row.matter_name.in_language(language)},
            _("Case: %(number)s") % {"number": format_case_number(case.number)},
            _("Amount: %(amount)s yuan") % {"amount": payment.amount},
            _("Basis: %(basis)s") % {"basis": case.definition.fee.basis.in_language(language)},
            _("Paid: %(moment)s") % {"moment": f"{paid:%Y-%m-%d %H:%M}"},
            (
                _("Receipt of the counter: %(number)s")
                if payment.cash
                else _("Number of the payment service: %(number)s")
            )
            % {"number": payment.provider_no},
        ]
        back = sum((each.amount for each in payment.refunds if each.done_at), Decimal(0))
        if back:
            items.append(_("Paid back since: %(amount)s yuan") % {"amount": back})
        return LetterPart(
            language=language,
            issuer=authority.name(language),
            title=_("Receipt for a fee"),
            number=_("No. %(number)s") % {"number": payment.receipt_no},
            addressee=_("%(name)s:") % {"name": case.row.applicant_name},
            body=(Listing(_("We have received from you:"), tuple(items)),),
            date=date_format(paid.date(), "DATE_FORMAT"),
            foot=_("Paid in cash at a counter. Compare it where the code leads.")
            if payment.cash
            else _(
                "The payment service has confirmed this payment with its signature. Compare it where the code leads."
            ),
        )
