"""Numbers of people and organisations as typed: right by their check character, or on file by a clerk's word."""

from collections.abc import Callable

from tongban.apps.people.models import Organisation, Person
from tongban.apps.people.sealing import lookup_hash
from tongban.kernel.numbers import NumberError, parse_credit_code, parse_identity_number

__all__ = ["read_credit_code", "read_identity_number"]


def read_identity_number(text: str) -> str:
    """Return an identity number in plain form. Raises ``NumberError`` as ``parse_identity_number`` does.

    One that fails its check is right where an officer has registered it so; only then is anything looked up.
    """
    return _read(text, parse_identity_number, _has_person)


def read_credit_code(text: str) -> str:
    """Return a unified social credit code in plain form, as ``read_identity_number`` does."""
    return _read(text, parse_credit_code, lambda code: Organisation.objects.filter(pk=code).exists())


def _has_person(number: str) -> bool:
    return Person.objects.filter(identity_hash=lookup_hash(kind="identity", text=number)).exists()


def _read(text: str, parse: Callable[..., str], on_file: Callable[[str], bool]) -> str:
    try:
        return parse(text)
    except NumberError as error:
        if error.code != "number.check" or not on_file(number := parse(text, ignore_check=True)):
            raise
        return number
