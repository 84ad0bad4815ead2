"""In whose name a call files: an organisation's client in its own, the front desk's in that of who stands there."""

from collections.abc import Callable

from tongban.api.v1.clients import Caller
from tongban.api.v1.errors import ApiError, Invalid, Wrong
from tongban.api.v1.schemas.calls import Applicant as Named
from tongban.api.v1.schemas.calls import AskedOrganisation, AskedPerson
from tongban.apps.people.errors import NameDiffers
from tongban.apps.people.queries import Applicant, read_credit_code, read_identity_number
from tongban.apps.people.services import find_or_register_organisation, find_or_register_person
from tongban.kernel.numbers import NumberError, parse_mobile

__all__ = ["applicant_of"]


def applicant_of(caller: Caller, named: Named | None) -> Applicant:
    """Return the applicant, registered if the front desk names one that is not known yet.

    Raises ``Invalid`` for a number that cannot be right or a name that is not the one on file.
    """
    if caller.applicant is not None:
        if named is not None:
            raise Invalid([Wrong(field="applicant", code="api.not-for-others")])
        return caller.applicant
    if not caller.at_front_desk:
        raise ApiError("api.scope", status=403, params={"scopes": "cases:file"})
    if named is None or (named.person is None) == (named.organisation is None):
        raise Invalid([Wrong(field="applicant", code="api.applicant")])
    if named.person is not None:
        return _person(named.person)
    assert named.organisation is not None
    return _organisation(named.organisation)


def _person(named: AskedPerson) -> Applicant:
    at = "applicant.person"
    number = _read(read_identity_number, named.identity_number, field=f"{at}.identity_number", kind="identity-number")
    phone = _read(parse_mobile, named.phone, field=f"{at}.phone", kind="mobile") if named.phone else ""
    try:
        return find_or_register_person(name=named.name, identity_number=number, phone=phone)
    except NameDiffers as error:
        raise Invalid([Wrong(field=f"{at}.name", code=error.code)]) from error


def _organisation(named: AskedOrganisation) -> Applicant:
    at = "applicant.organisation"
    code = _read(read_credit_code, named.credit_code, field=f"{at}.credit_code", kind="credit-code")
    phone = _read(parse_mobile, named.phone, field=f"{at}.phone", kind="mobile") if named.phone else ""
    try:
        return find_or_register_organisation(name=named.name, credit_code=code, phone=phone)
    except NameDiffers as error:
        raise Invalid([Wrong(field=f"{at}.name", code=error.code)]) from error


def _read(parse: Callable[[str], str], text: str, *, field: str, kind: str) -> str:
    try:
        return parse(text)
    except NumberError as error:
        raise Invalid([Wrong(field=field, code=f"format.{kind}")]) from error
