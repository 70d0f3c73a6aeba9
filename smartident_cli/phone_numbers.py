"""Phone numbers: checked, and brought into E.164. A doubtful one is refused: its SMS would go to somebody else."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from smartident_cli.invalid_field import InvalidField
from smartident_cli.visible import as_typed

REGION = "DE"
"""Where a phone number without a country code is at home."""
# Satellite phones: of no country, and an SMS there costs a multiple.
NO_COUNTRY = "001"
# In some countries a number does not tell whether it is a mobile's.
MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
# A spreadsheet took the number for one to compute with: its last digit is none.
_COMPUTED = re.compile(r".*\d[.,]0{1,2}")
# After a slash stands the number itself, or the last digits of a second one.
_TWO_NUMBERS = re.compile(r".*/\D*(?:\d\D*){1,4}")


def valid_region(text: str) -> str:
    """The two letters of a country (ISO 3166-1); raises InvalidField."""
    region = text.strip().upper()
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidField("region", "region_unknown")
    return region


def valid_phone(text: str, region: str = REGION) -> str | None:
    """The mobile phone's number in E.164, or none; raises InvalidField for any other, and for a doubtful one."""
    spelled = as_typed(text)
    if not spelled:
        return None
    if any(map(str.isalpha, spelled)) or _COMPUTED.fullmatch(spelled) or _TWO_NUMBERS.fullmatch(spelled):
        raise InvalidField("phone", "phone_unfit")
    number = _parsed(spelled, region)
    if _may_lack_its_plus(spelled, number):
        raise InvalidField("phone", "phone_doubtful")
    if number is None:
        raise InvalidField("phone", "phone_unfit")
    if phonenumbers.number_type(number) not in MOBILE or phonenumbers.region_code_for_number(number) == NO_COUNTRY:
        raise InvalidField("phone", "phone_not_mobile")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parsed(spelled: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    """The number that a text stands for, if a country has given it out."""
    try:
        number = phonenumbers.parse(spelled, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) and not number.extension else None


def _may_lack_its_plus(spelled: str, number: phonenumbers.PhoneNumber | None) -> bool:
    """Whether its digits are also, or only, another number with a country code: spreadsheets drop a plus."""
    digits = phonenumbers.normalize_digits_only(spelled)
    if spelled[0] in "+\N{FULLWIDTH PLUS SIGN}" or digits.startswith("0"):
        return False
    other = _parsed(f"+{digits}", None)
    return other is not None and other != number
