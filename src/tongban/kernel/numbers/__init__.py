"""Numbers that carry their own check: cases, people, organisations, certificates.

Parsing takes what people type and returns the plain form, or raises `NumberError` with a code. Nothing is looked up.
"""

from tongban.kernel.numbers.cases import (
    day_of_case_number,
    format_case_number,
    is_stream_number,
    new_case_number,
    new_stream_number,
    parse_case_number,
)
from tongban.kernel.numbers.certificates import CERTIFICATE_ROOT, CertificateIdentifier
from tongban.kernel.numbers.errors import NumberError
from tongban.kernel.numbers.persons import (
    birth_date,
    is_known_area,
    mask_identity,
    mask_name,
    mask_phone,
    parse_credit_code,
    parse_identity_number,
    parse_mobile,
)

__all__ = [
    "CERTIFICATE_ROOT",
    "CertificateIdentifier",
    "NumberError",
    "birth_date",
    "day_of_case_number",
    "format_case_number",
    "is_known_area",
    "is_stream_number",
    "mask_identity",
    "mask_name",
    "mask_phone",
    "new_case_number",
    "new_stream_number",
    "parse_case_number",
    "parse_credit_code",
    "parse_identity_number",
    "parse_mobile",
]
