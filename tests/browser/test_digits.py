"""Digits are digits in every script; marks that nobody sees are none."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING

import pytest

from smartident_laptop.demo.accounts import ANNA
from tests.browser.modules import module_says

if TYPE_CHECKING:
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
DIGITS = [chr(point) for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Nd"]
ZEROS = {
    "Arabic": "\u0660",
    "Persian": "\u06f0",
    "Devanagari": "\u0966",
    "Bengali": "\u09e6",
    "full width": "\uff10",
}


def written(number: str, zero: str) -> str:
    """A number in another script."""
    return "".join(chr(ord(zero) + int(digit)) if digit.isdigit() else digit for digit in number)


def test_every_digit_of_unicode_counts() -> None:
    # Node.js may know an older Unicode than Python: what it does not know as a digit it leaves out.
    known = module_says(
        "shared/digits.js", r"[...args[0]].filter((one) => /\p{Nd}/u.test(one)).join('')", "".join(DIGITS)
    )
    assert len(known) > 600
    expected = "".join(str(unicodedata.digit(digit)) for digit in known)
    assert module_says("shared/digits.js", "it.onlyDigits(args[0])", known) == expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("\u202d100200301\u202c", "100200301"),
        ("\ufeff100200301 ", "100200301"),
        (written("100 200 301", ZEROS["Arabic"]), "100 200 301"),
        ("\u200banna@example.org\u00ad", "anna@example.org"),
    ],
    ids=["embedding marks", "byte order mark", "Arabic digits", "zero width"],
)
def test_an_identifier_is_what_was_meant(typed: str, meant: str) -> None:
    assert module_says("shared/digits.js", "it.typedIdentifier(args[0])", typed) == meant


@pytest.mark.parametrize("zero", ZEROS.values(), ids=ZEROS)
def test_codes_typed_on_another_keyboard_count(desk: Desk, phone: Phone, zero: str) -> None:
    sent = phone.count_sms(ANNA)
    phone.ask_for_code(ANNA)
    phone.page.locator("#code").press_sequentially(written(phone.read_sms(ANNA, after=sent), zero))
    phone.page.locator("form .button.main").click()
    phone.page.get_by_role("link", name="Fertig").click()
    desk.log_in(ANNA, identifier=f"\u202d{written(ANNA.number, zero)}\u202c")
    phone.open_request(desk)
    phone.page.locator("#transfer_code").press_sequentially(written(desk.transfer_code(), zero))
    phone.approve()
    desk.wait_for_signed_in()
