"""Phone numbers: from what people and systems write to E.164."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from models.errors import InvalidInput

MEND = "Write it in full with its country code, such as +447700900123."
_PLAIN = re.compile(r"\+?[\d\s().\-/\u00a0\u2010-\u2013]{5,40}")


def normalise(raw: str, region: str) -> str:
    """The number in E.164; without a country code it is read as one of `region` (GB, US, ...).

    Raises InvalidInput when it can be no phone number. A number is taken when its range is
    known to be in use, or when it has the length of a mobile number of its country: the
    ranges kept for films and tests (+44 7700 900xxx) must work, and new ranges open faster
    than tables of them are updated; the provider has the last word.
    """
    text = raw.strip()
    if not _PLAIN.fullmatch(text):
        raise InvalidInput("is no phone number", field="phone", mend=MEND)
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as error:
        raise InvalidInput("is no phone number", field="phone", mend=MEND) from error
    if not (_has_mobile_length(number) or phonenumbers.is_valid_number(number)):
        raise InvalidInput("has too few or too many digits", field="phone", mend=MEND)
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _has_mobile_length(number: PhoneNumber) -> bool:
    mobile = PhoneNumberType.MOBILE
    return bool(phonenumbers.is_possible_number_for_type(number, mobile))
