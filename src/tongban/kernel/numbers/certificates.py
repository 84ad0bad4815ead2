"""Identifiers of electronic certificates (GB/T 36904)."""

import re
from dataclasses import dataclass
from typing import Self

from stdnum.iso7064 import mod_37_36

from tongban.kernel.numbers.errors import NumberError
from tongban.kernel.numbers.text import compact

__all__ = ["CERTIFICATE_ROOT", "CertificateIdentifier"]

CERTIFICATE_ROOT = "1.2.156.3005.2"
_PART = re.compile(r"[0-9A-Z]{1,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIdentifier:
    """`1.2.156.3005.2.<type>.<authority>.<serial>.<version>.<check>`; parts are digits and capitals.

    Raises `NumberError` `number.digits` for a part with other characters or a version not in 1 to 999.
    """

    type: str
    """Code of the kind of certificate."""
    authority: str
    """Unified social credit code of who issues it."""
    serial: str
    version: int = 1
    """1 for the first issue of a certificate, one more at each renewal or correction."""

    def __post_init__(self) -> None:
        parts = (self.type, self.authority, self.serial)
        if not all(_PART.fullmatch(part) for part in parts) or not 1 <= self.version <= 999:
            raise NumberError("number.digits", kind="certificate")

    @property
    def check(self) -> str:
        """The check character: ISO 7064 MOD 37,36 over all parts, without the root and without dots."""
        return str(mod_37_36.calc_check_digit(f"{self.type}{self.authority}{self.serial}{self.version:03}"))

    def __str__(self) -> str:
        return f"{CERTIFICATE_ROOT}.{self.type}.{self.authority}.{self.serial}.{self.version:03}.{self.check}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an identifier. Raises `NumberError`: `number.length` (parts), `number.digits`, `number.check`."""
        plain = compact(text)
        parts = plain.removeprefix(CERTIFICATE_ROOT + ".").split(".")
        if not plain.startswith(CERTIFICATE_ROOT + ".") or len(parts) != 5:
            raise NumberError("number.length", kind="certificate", expected=10, length=plain.count(".") + 1)
        kind, authority, serial, version, check = parts
        if not (len(version) == 3 and version.isascii() and version.isdigit()):
            raise NumberError("number.digits", kind="certificate")
        identifier = cls(type=kind, authority=authority, serial=serial, version=int(version))
        if identifier.check != check:
            raise NumberError("number.check", kind="certificate")
        return identifier
