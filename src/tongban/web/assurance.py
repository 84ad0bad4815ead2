"""How surely a session is whose it says, read from what the sign-in library has noted of it.

A password alone is low. With a code from an authenticator app or a recovery code it is substantial; with a passkey,
which no false page can ask for, it is high: every account was opened against an identity card at a window
(docs/adr/0030). What an identity provider vouches for counts as the city's settings say.
"""

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from tongban.apps.people.assurance import HIGH, LEVEL_KEY, LEVELS, LOW, SUBSTANTIAL

__all__ = ["assurance_of"]


def assurance_of(request: HttpRequest) -> str:
    """The level of this session; the lowest where nothing is noted, "" for who is not signed in."""
    if not request.user.is_authenticated:
        return ""
    found = {LOW}
    for record in get_authentication_records(request, request.user):
        if record.get("method") == "mfa":
            found.add(HIGH if record.get("type") == "webauthn" else SUBSTANTIAL)
        elif record.get("method") == "socialaccount":
            found.add(request.session.get(LEVEL_KEY, LOW))
    return max((level for level in found if level in LEVELS), key=LEVELS.index)
