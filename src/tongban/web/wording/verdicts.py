"""Words for what came of checking a certificate, and for why and by which law one was changed."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["VerdictWords", "ground_words", "law_words", "standing_words", "verdict_words"]


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """``tone`` and ``icon`` of the card, its ``title``, what it means, and what to do ``next``."""

    tone: str
    icon: str
    title: str | Promise
    text: str | Promise
    next: str | Promise


_WORDS = {
    "valid": VerdictWords(
        "done",
        "check",
        _("Genuine"),
        _("This certificate was issued by us and is valid today."),
        _("You can rely on it. Compare the name with who shows it to you."),
    ),
    "not-yet": VerdictWords(
        "waiting",
        "clock",
        _("Genuine, but not valid yet"),
        _("This certificate was issued by us, but its validity has not begun."),
        _("Do not rely on it before the day on which it begins. The holder may have one that is valid until then."),
    ),
    "expired": VerdictWords(
        "waiting",
        "clock",
        _("Genuine, but expired"),
        _("This certificate was issued by us, but its validity is over."),
        _("Do not rely on it. Ask the holder for a renewed one."),
    ),
    "suspended": VerdictWords(
        "waiting",
        "alert",
        _("Genuine, but suspended"),
        _("This certificate was issued by us, but must not be used for the time being."),
        _("Do not rely on it now. Check it again later: a suspension can be lifted."),
    ),
    "revoked": VerdictWords(
        "seal",
        "alert",
        _("Revoked"),
        _("This certificate was issued by us and has been taken back. It is not valid any more."),
        _("Do not rely on it. If somebody still uses it, please tell us."),
    ),
    "replaced": VerdictWords(
        "waiting",
        "clock",
        _("Replaced by a newer one"),
        _("This certificate was issued by us, but another one has taken its place."),
        _("Rely on the newer one only: open it below, or ask the holder for it."),
    ),
    "unknown": VerdictWords(
        "seal",
        "alert",
        _("Not issued by us"),
        _("The number is well formed, but we have never issued a certificate under it. Do not rely on it."),
        _("If somebody showed you this certificate, please tell us."),
    ),
    "changed": VerdictWords(
        "seal",
        "alert",
        _("Changed after it was issued"),
        _("What this file says is not what was signed. Even one changed character is enough for that."),
        _("Do not rely on it. Ask the holder for the original file, or check the number of the certificate instead."),
    ),
    "foreign-key": VerdictWords(
        "seal",
        "alert",
        _("Not signed by who it names"),
        _("The file names an authority, but was signed with a key that does not belong to that authority."),
        _("Do not rely on it: it looks like a forgery. Please tell us who showed it to you."),
    ),
    "withdrawn-key": VerdictWords(
        "waiting",
        "alert",
        _("Signed with a key that does not count any more"),
        _("The key that signed this file was withdrawn. The certificate may still hold, but this file proves nothing."),
        _("Check the number of the certificate instead, or ask the holder to download the file again."),
    ),
    "foreign-issuer": VerdictWords(
        "waiting",
        "alert",
        _("Issued by somebody whom we cannot vouch for"),
        _("This file was not issued by this city, nor by an authority whose certificates we can check."),
        _("Have it checked by whoever issued it."),
    ),
    "unreachable": VerdictWords(
        "waiting",
        "clock",
        _("Cannot be checked just now"),
        _("The authority that issued it does not answer, so we do not know whether it is genuine and still holds."),
        _("Do not rely on it yet. Try again in some minutes."),
    ),
    "paper": VerdictWords(
        "done",
        "check",
        _("A genuine document"),
        _("This document was signed by us, and nothing in it has been changed since."),
        _("What it decides may have changed later. Its number and the code at its foot lead to the case."),
    ),
    "signer-expired": VerdictWords(
        "waiting",
        "clock",
        _("The signature is too old to prove anything"),
        _(
            "It was made in our name, but with a certificate that has ended, and nothing proves that it was made "
            "before."
        ),
        _("Check the number of the certificate instead, or ask the holder to download the file again."),
    ),
    "unsigned": VerdictWords(
        "waiting",
        "alert",
        _("Not signed"),
        _(
            "This PDF carries no signature. Anybody can make one that looks like it; a scan or a print is not signed "
            "either."
        ),
        _("Ask the holder for the file as downloaded, or check the number of the certificate instead."),
    ),
    "unreadable": VerdictWords(
        "waiting",
        "alert",
        _("Not a certificate that we can read"),
        _("The file is not a signed certificate, or is of a kind that we do not know."),
        _("Choose the file that the holder downloaded from “My certificates”, unchanged, or check the number."),
    ),
}
_ELSEWHERE = {
    "valid": _("This certificate was issued by the authority named below and is valid today."),
    "not-yet": _("This certificate was issued by the authority named below, but its validity has not begun."),
    "expired": _("This certificate was issued by the authority named below, but its validity is over."),
    "suspended": _("This certificate was issued by the authority named below, but must not be used for now."),
    "revoked": _("This certificate was issued by the authority named below and has been taken back."),
}

_STANDINGS = {
    "valid": _("In force"),
    "not-yet": _("Not in force yet"),
    "expired": _("Expired"),
    "suspended": _("Suspended"),
    "revoked": _("Revoked"),
    "replaced": _("Replaced"),
}
_GROUNDS = {
    "inspection": _("It is being checked whether the conditions are still met"),
    "penalty-suspend": _("Its use was suspended as an administrative penalty"),
    "holder-asked": _("The holder asked for it"),
    "put-right": _("What was wrong has been put right"),
    "term-over": _("The time of the suspension is over"),
    "unlawful": _("It should not have been granted"),
    "fraud": _("It was obtained by deceit or bribery"),
    "withdrawn": _("The law or the circumstances have changed, and the public interest asks for it"),
    "penalty-revoke": _("It was revoked as an administrative penalty"),
    "holder-gone": _("The holder has died, is closed, or has lost the capacity that it is tied to"),
    "mistake": _("Something in it was wrong"),
    "changed": _("What it says of the holder has changed"),
    "renewal": _("It was renewed"),
}
_LAWS = {
    "licensing-8": _("Administrative Licensing Law, article 8"),
    "licensing-49": _("Administrative Licensing Law, article 49"),
    "licensing-50": _("Administrative Licensing Law, article 50"),
    "licensing-61": _("Administrative Licensing Law, article 61"),
    "licensing-69-1": _("Administrative Licensing Law, article 69, paragraph 1"),
    "licensing-69-2": _("Administrative Licensing Law, article 69, paragraph 2"),
    "licensing-70": _("Administrative Licensing Law, article 70"),
    "penalty-9-3": _("Law on Administrative Penalties, article 9 (3)"),
}


def verdict_words(code: str, *, elsewhere: bool = False) -> VerdictWords:
    """What came of checking; ``elsewhere``: it was issued by somebody else whom we trust."""
    found = _WORDS[code]
    if elsewhere and code in _ELSEWHERE:
        return VerdictWords(found.tone, found.icon, found.title, _ELSEWHERE[code], found.next)
    return found


def standing_words(standing: str) -> str:
    """What a certificate is worth on a day, in a word or two, for a list."""
    return str(_STANDINGS[standing])


def ground_words(code: str) -> str:
    """Why a certificate was changed; "" for no reason."""
    return str(_GROUNDS.get(code, ""))


def law_words(code: str) -> str:
    """The article that a change rests on."""
    return str(_LAWS.get(code, ""))
