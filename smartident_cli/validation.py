"""Validation: what an operator says about an account, checked field by field and brought into its normal form."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from smartident.accounts.names import MAX_NAME_LENGTH, normalised_email, normalised_number
from smartident.passwords.hashing import FOREIGN, hash_password
from smartident_cli.account.external_ids import valid_external_id
from smartident_cli.invalid_field import InvalidField
from smartident_cli.password_hashes import valid_hash
from smartident_cli.phone_numbers import REGION, valid_phone
from smartident_cli.spreadsheet import is_changed_number, is_error
from smartident_cli.visible import as_typed, is_printable, visible

FIELDS = (
    "access_number",
    "display_name",
    "email",
    "phone",
    "two_factor",
    "language",
    "password",
    "password_hash",
    "external_id",
)
MAX_NUMBER_LENGTH = 64
MAX_PASSWORD_LENGTH = 1024
# Beside a phone, and where the password alone signs in.
MIN_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH_ALONE = 8, 15
# RFC 5321 4.5.3.1.1.
MAX_LOCAL_PART_LENGTH = 64
# What a person is told in; the first is what they are told in where nobody says.
LANGUAGES = {
    **dict.fromkeys(("", "de", "deutsch", "german", "ger", "deu"), "de"),
    **dict.fromkeys(("en", "englisch", "english", "eng"), "en"),
}
ANSWERS = {
    **dict.fromkeys(
        ("true", "t", "1", "-1", "yes", "y", "ja", "j", "on", "an", "ein", "wahr", "aktiv", "enabled"), True
    ),
    **dict.fromkeys(("false", "f", "0", "no", "n", "nein", "off", "aus", "falsch", "inaktiv", "disabled"), False),
}
_NUMBER = re.compile(r"[^\W_](?:[\w./-]*[^\W_])?")
# A cell that says yes or no may have been computed, and then be a number or a formula.
_COMPUTED_ANSWER = re.compile(r"=(\w+)\(\)|(-?[01])[.,]0+")
MAILTO = "mailto:"


@dataclass(frozen=True)
class ValidAccount:
    """A new account as it may be created, with either a password or another system's hash of it."""

    number: str = field(repr=False)
    display_name: str = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    two_factor: bool
    language: str
    password: str = field(repr=False)
    password_hash: str = field(repr=False)
    external_id: str | None = field(default=None, repr=False)

    def make_password_hash(self) -> str:
        """The hash as the table keeps it: another system's, or one of our own."""
        return FOREIGN + self.password_hash if self.password_hash else hash_password(self.password)


def valid_account(members: Mapping[str, object], *, region: str = REGION) -> ValidAccount:
    """The account that these members describe; raises InvalidField with the first field that does not fit."""
    told = dict.fromkeys(FIELDS, "") | {name: valid_text(name, value) for name, value in members.items()}
    password, password_hash = told["password"], as_typed(told["password_hash"])
    if bool(password) == bool(password_hash):
        raise InvalidField("password", "password_or_hash")
    return ValidAccount(
        number=valid_number(told["access_number"]),
        display_name=valid_name(told["display_name"]),
        email=valid_email(told["email"]),
        phone=valid_phone(told["phone"], region),
        two_factor=valid_answer(told["two_factor"]),
        language=valid_language(told["language"]),
        password=valid_password(password) if password else "",
        password_hash=valid_hash(password_hash) if password_hash else "",
        external_id=valid_external_id(told["external_id"]),
    )


def valid_text(name: str, value: object) -> str:
    """The text of a field, which no earlier program has mutilated; raises InvalidField."""
    if name not in FIELDS:
        raise InvalidField(name, "field_unknown")
    if value is None:
        return ""
    if not isinstance(value, str | int) or (isinstance(value, bool) and name != "two_factor"):
        raise InvalidField(name, "not_text")
    text = str(value)
    if any(unicodedata.category(sign) == "Cs" for sign in text):
        raise InvalidField(name, "half_character")
    if "\N{REPLACEMENT CHARACTER}" in text:
        raise InvalidField(name, "lost_character")
    return text


def valid_number(text: str) -> str:
    """The access number without its blanks; raises InvalidField."""
    number = normalised_number(visible(text))
    if is_changed_number(number):
        raise InvalidField("access_number", "number_of_spreadsheet")
    if len(number) > MAX_NUMBER_LENGTH or not _NUMBER.fullmatch(number):
        raise InvalidField("access_number", "number_unfit")
    return number


def valid_name(text: str) -> str:
    """The name that the app shows; raises InvalidField."""
    name = " ".join(visible(text).split())
    if not name or len(name) > MAX_NAME_LENGTH or not is_printable(name) or is_error(name):
        raise InvalidField("display_name", "name_unfit")
    return name


def valid_email(text: str) -> str | None:
    """The e-mail in the one spelling that it is looked up by, or none; raises InvalidField."""
    email = normalised_email(_without_scheme(visible(text).strip()))
    if not email:
        return None
    local, _, domain = email.rpartition("@")
    labels = domain.split(".")
    if (
        len(email) > MAX_NAME_LENGTH
        or len(local) > MAX_LOCAL_PART_LENGTH
        or len(labels) == 1
        # A spreadsheet's text, a formula, the rest of a link; no domain ends in a number (RFC 3696 2).
        or local.startswith(("'", "=", "/"))
        or labels[-1].isdecimal()
        or not all(map(_is_atom, local.split(".")))
        or not all(map(_is_label, labels))
    ):
        raise InvalidField("email", "email_unfit")
    return email


def valid_answer(text: str) -> bool:
    """Yes or no, yes where nothing is said; raises InvalidField."""
    spelled = unicodedata.normalize("NFKC", as_typed(text)).casefold()
    try:
        return ANSWERS[_COMPUTED_ANSWER.sub(r"\1\2", spelled) or "yes"]
    except KeyError:
        raise InvalidField("two_factor", "answer_unfit") from None


def valid_language(text: str) -> str:
    """The language that a person is told in, German where nothing is said; raises InvalidField."""
    spelled = unicodedata.normalize("NFKC", as_typed(text)).casefold()
    # `en-GB` and `de_AT` say a country too.
    primary = spelled.replace("_", "-").partition("-")[0]
    if primary not in LANGUAGES:
        raise InvalidField("language", "language_unfit")
    return LANGUAGES[primary]


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


def _is_atom(part: str) -> bool:
    """Whether it may stand between the dots of a local part (RFC 5322 3.2.3, RFC 6531)."""
    return part != "" and all(_is_letter(sign) or sign in "!#$%&'*+-/=?^_`{|}~" for sign in part)


def _is_label(label: str) -> bool:
    """Whether it may stand between the dots of a domain (RFC 1123 2.1, RFC 5890)."""
    return label != "" and "-" not in {label[0], label[-1]} and all(_is_letter(sign) or sign == "-" for sign in label)


def _is_letter(sign: str) -> bool:
    """A letter, a digit, or a mark on one, of any script."""
    return unicodedata.category(sign)[0] in "LMN"


def _without_scheme(text: str) -> str:
    """The address of a link that a spreadsheet made of it."""
    return unquote(text[len(MAILTO) :], errors="replace") if text.lower().startswith(MAILTO) else text
