"""Validation: what an operator says about an account, checked field by field and brought into its normal form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import phonenumbers

from smartident.accounts.names import (
    MAX_NAME_LENGTH,
    normalised_email,
    normalised_number,
)
from smartident.admin.bulk_import import (
    ImportedAccount,
)
from smartident.errors import InvalidRequest
from smartident.passwords.hashing import FOREIGN, hash_password
from smartident.passwords.legacy_formats import TOO_COSTLY, check_foreign_hash

FIELDS = ("access_number", "display_name", "email", "phone", "two_factor", "password", "password_hash")
REGION = "DE"
"""Where a phone number without a country code is at home."""
MAX_NUMBER_LENGTH = 64
MAX_PASSWORD_LENGTH = 1024
# Beside a phone, and where the password alone signs in.
MIN_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH_ALONE = 8, 15
ANSWERS = {
    **dict.fromkeys(("true", "1", "yes", "ja", "on", "an"), True),
    **dict.fromkeys(("false", "0", "no", "nein", "off", "aus"), False),
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class InvalidField(ValueError):  # noqa: N818  a field is invalid, not the program
    """A field does not fit; its value, which may be somebody's secret, is never told."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True)
class ValidAccount:
    """A new account as it may be created, with either a password or another system's hash of it."""

    number: str = field(repr=False)
    display_name: str = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    two_factor: bool
    password: str = field(repr=False)
    password_hash: str = field(repr=False)

    def to_import(self, place: int) -> ImportedAccount:
        """The account to import; a password is hashed here."""
        kept = FOREIGN + self.password_hash if self.password_hash else hash_password(self.password)
        return ImportedAccount(
            place=place,
            number=self.number,
            display_name=self.display_name,
            email=self.email,
            phone=self.phone,
            two_factor=self.two_factor,
            password_hash=kept,
        )


def valid_account(members: Mapping[str, object], *, region: str = REGION) -> ValidAccount:
    """The account that these members describe; raises InvalidField with the first field that does not fit."""
    for name, value in members.items():
        if name not in FIELDS:
            raise InvalidField(name, "field_unknown")
        if not isinstance(value, str | int | None):
            raise InvalidField(name, "not_text")
    told = {name: "" if members.get(name) is None else str(members[name]) for name in FIELDS}
    password, password_hash = told["password"], told["password_hash"].strip()
    if bool(password) == bool(password_hash):
        raise InvalidField("password", "password_or_hash")
    return ValidAccount(
        number=valid_number(told["access_number"]),
        display_name=valid_name(told["display_name"]),
        email=valid_email(told["email"]),
        phone=valid_phone(told["phone"], region),
        two_factor=valid_answer(told["two_factor"]),
        password=valid_password(password) if password else "",
        password_hash=valid_hash(password_hash) if password_hash else "",
    )


def valid_number(text: str) -> str:
    """The access number without its blanks; raises InvalidField."""
    number = normalised_number(text)
    if not number or len(number) > MAX_NUMBER_LENGTH or "@" in number or not number.isprintable():
        raise InvalidField("access_number", "number_unfit")
    return number


def valid_name(text: str) -> str:
    """The name that the app shows; raises InvalidField."""
    name = text.strip()
    if not name or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise InvalidField("display_name", "name_unfit")
    return name


def valid_email(text: str) -> str | None:
    """The e-mail in the one spelling that it is looked up by, or none; raises InvalidField."""
    email = normalised_email(text)
    if not email:
        return None
    if len(email) > MAX_NAME_LENGTH or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise InvalidField("email", "email_unfit")
    return email


def valid_phone(text: str, region: str = REGION) -> str | None:
    """The phone number in E.164, or none; raises InvalidField for what no country has given out."""
    if not text.strip():
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise InvalidField("phone", "phone_unfit") from None
    if not phonenumbers.is_valid_number(number):
        raise InvalidField("phone", "phone_unfit")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def valid_answer(text: str) -> bool:
    """Yes or no, yes where nothing is said; raises InvalidField."""
    try:
        return ANSWERS[text.strip().casefold() or "yes"]
    except KeyError:
        raise InvalidField("two_factor", "answer_unfit") from None


def valid_password(text: str) -> str:
    """A password that the login page can send; raises InvalidField."""
    if len(text) > MAX_PASSWORD_LENGTH:
        raise InvalidField("password", "password_unfit")
    return text


def valid_new_password(text: str, *, alone: bool) -> str:
    """A password as long as one must be that is set today (SP 800-63B-4 3.1.1.2); raises InvalidField."""
    if len(text) < (MIN_PASSWORD_LENGTH_ALONE if alone else MIN_PASSWORD_LENGTH):
        raise InvalidField("password", "password_short")
    return valid_password(text)


def valid_hash(text: str) -> str:
    """A foreign hash that a login can check; raises InvalidField."""
    try:
        check_foreign_hash(text)
    except InvalidRequest as refused:
        raise InvalidField("password_hash", "hash_costly" if str(refused) == TOO_COSTLY else "hash_unknown") from None
    return text
