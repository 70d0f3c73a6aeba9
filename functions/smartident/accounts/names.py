"""Names: the access number or e-mail that a person types, in one spelling, and the accounts that go by it.

A lookup grants nothing: the account that it leads to says itself by which names it goes.
"""

from __future__ import annotations

import re
import string
import unicodedata
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import UnicodeAttribute

from smartident.accounts.account import Account, account_of
from smartident.accounts.item.row import AccountRow, read_item
from smartident.storage import keys
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

# So many accounts are found by one e-mail; any further goes by its access number only.
MAX_SHARED_EMAIL = 5
# No name is longer; NFKC can make eighteen letters of one, and DynamoDB takes no key above 2048 bytes.
MAX_NAME_LENGTH = 254
# Where all accounts are gone through: what DynamoDB reads at once is little, and a page is soon full.
ITEMS_PER_REQUEST = 500
NUMBER, EMAIL = "n", "e"
PUNYCODE = "xn--"
# What comes along where an address is copied: `mailto:` of a link, `Anna Berger <…>;` of a mail program.
BEFORE_ADDRESS = re.compile(r"^(?:.*<)?(?:\s|mailto:)*", re.IGNORECASE | re.DOTALL)
AFTER_ADDRESS = ".>,;" + string.whitespace + "\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029"
# Marks without a shape that Unicode counts as letters or accents: joiners, fillers, variation selectors.
INVISIBLE = {*"\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0", *map(chr, range(0xFE00, 0xFE10))}


class AccessNumberRow(Row, discriminator="number"):
    """`NUMBER#<access number>` | `LOOKUP`: which account a number stands for."""

    account_id = UnicodeAttribute()


class EmailRow(Row, discriminator="email"):
    """`EMAIL#<normalised e-mail>` | `<account_id>`: one item per account, so several mean ambiguous."""


def normalised_email(email: str) -> str:
    """One spelling per mailbox: the local part as a username of RFC 8265 (case and width), the domain in Unicode.

    `ss` and `ß`, or a dotless i and an i, are two mailboxes; a domain and its Punycode are one.
    """
    local, at, domain = _visible(email).strip().rpartition("@")
    return f"{_lower(local)}{at}{_domain(domain)}"


def normalised_number(number: str) -> str:
    """The access number without the blanks that group it; digits of every script are digits, and dashes hyphens."""
    plain = "".join(unicodedata.normalize("NFKC", _visible(number)).split())
    return unicodedata.normalize("NFKC", "".join(map(_as_keyed, plain)))


def normalised(identifier: str) -> str:
    """The identifier as it is looked up; an e-mail has an @, an access number has none."""
    seen = _visible(identifier)
    return normalised_email(_without_what_was_copied_too(seen)) if "@" in seen else normalised_number(identifier)


def _without_what_was_copied_too(typed: str) -> str:
    local, at, domain = typed.rpartition("@")
    return BEFORE_ADDRESS.sub("", local) + at + _plain(domain).rstrip(AFTER_ADDRESS)


def _visible(text: str) -> str:
    """The text in letters of one width, without marks that nobody sees and that come along when it is pasted."""
    if text.isascii():
        return text
    seen = (sign for sign in text if unicodedata.category(sign) not in {"Cf", "Cc"} and sign not in INVISIBLE)
    return "".join(unicodedata.normalize("NFKC", sign) if _has_other_width(sign) else sign for sign in seen)


def _has_other_width(sign: str) -> bool:
    return unicodedata.decomposition(sign).startswith(("<wide>", "<narrow>", "<noBreak>", "<small>"))


def _as_keyed(sign: str) -> str:
    """A digit or hyphen as keyboards have it: word processors and phones make a longer dash of a hyphen."""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return "-" if unicodedata.category(sign) == "Pd" or sign == "\N{MINUS SIGN}" else sign


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


def _domain(domain: str) -> str:
    """Its labels in Unicode, small letters, without the dot that may end it (UTS 46; ß and final sigma stay)."""
    return ".".join(_label(_lower(label)) for label in _plain(domain).removesuffix(".").split("."))


def _plain(domain: str) -> str:
    return unicodedata.normalize("NFKC", domain).replace("\N{IDEOGRAPHIC FULL STOP}", ".")


def _label(label: str) -> str:
    """The label that Punycode stands for; what nobody would spell so stays as it is."""
    if not label.startswith(PUNYCODE):
        return label
    try:
        decoded = label.removeprefix(PUNYCODE).encode("ascii").decode("punycode")
        same = (PUNYCODE + decoded.encode("punycode").decode()) == label
    except (UnicodeError, OverflowError):
        return label
    return decoded if same and not decoded.isascii() and _domain(_visible(decoded)) == decoded else label


def kind_of(identifier: str) -> str:
    """Whether an identifier is an access number or an e-mail."""
    return EMAIL if "@" in identifier else NUMBER


def find_accounts(identifier: str) -> list[str]:
    """The ids of the accounts that the identifier stands for: none, one, or several for a shared e-mail."""
    name = normalised(identifier)
    if len(name) > MAX_NAME_LENGTH:
        return []
    if kind_of(name) == EMAIL:
        found = EmailRow.query(keys.email(name, "").pk, consistent_read=True, limit=MAX_SHARED_EMAIL)
        return [row.sk for row in found]
    try:
        return [AccessNumberRow.get(*keys.access_number(name), consistent_read=True).account_id]
    except AccessNumberRow.DoesNotExist:
        return []


def accounts_named(identifier: str) -> list[Account]:
    """The accounts that go by the identifier, as they stand: for who looks, not for who acts on what they grant."""
    items = map(read_item, find_accounts(identifier))
    return [account_of(item) for item in items if item is not None and item.access_number]


def all_keys(what: str) -> tuple[str, str, str]:
    """All keys under which an item counts one address or hour: by access number, by e-mail, and for the account."""
    return f"{NUMBER}:{what}", f"{EMAIL}:{what}", what


def may_share(email: str) -> bool:
    """Whether one more account may be found by this e-mail. An account beyond goes by its access number only."""
    return len(find_accounts(email)) < MAX_SHARED_EMAIL


def scan_accounts(after: tuple[str, str] | None = None) -> Iterator[tuple[Account, tuple[str, str]]]:
    """Every account from after a place on, in no order that means anything, each with its own place."""
    names = [name for name in AccountRow.get_attributes() if name != "password_hash"]
    start: dict[str, dict[str, Any]] | None = {"pk": {"S": after[0]}, "sk": {"S": after[1]}} if after else None
    rows = AccountRow.scan(
        # What counts the attempts on names of nobody is no account.
        AccountRow.access_number.exists(),
        attributes_to_get=names,
        consistent_read=True,
        last_evaluated_key=start,
        page_size=ITEMS_PER_REQUEST,
    )
    for row in rows:
        yield account_of(row), (row.pk, row.sk)
