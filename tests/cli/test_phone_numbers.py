"""Phone numbers that an operator brings: in E.164, or refused; an SMS never goes to another subscriber."""

from __future__ import annotations

import pytest

from smartident_cli.invalid_field import InvalidField
from smartident_cli.phone_numbers import valid_phone, valid_region


@pytest.mark.parametrize(
    ("told", "region", "number"),
    [
        ("0170 1234711", "DE", "+491701234711"),
        ("(0170) 1234711", "DE", "+491701234711"),
        ("0170/1234711", "DE", "+491701234711"),
        ("0170-123 47 11", "DE", "+491701234711"),
        ("+49 170 1234711", "AT", "+491701234711"),
        ("+49 (0)170 1234711", "DE", "+491701234711"),
        ("0049 170 1234711", "DE", "+491701234711"),
        ("1701234711", "DE", "+491701234711"),
        ("'01701234711", "DE", "+491701234711"),
        ("\u202a+491701234711\u202c", "DE", "+491701234711"),
        ("٠١٧٠١٢٣٤٧١١", "DE", "+491701234711"),
        ("\uff0b\uff14\uff19\uff11\uff17\uff10\uff11\uff12\uff13\uff14\uff17\uff11\uff11", "DE", "+491701234711"),
        ("\ufeff+49\u00a0170\u202f12\u200934\u3000711", "DE", "+491701234711"),
        ("+49\u00ad170\u200b12\u206034\ufe0f711\u034f", "DE", "+491701234711"),
        ("\u2066+49 170\u20111234711\u2069", "DE", "+491701234711"),
        ("447911123456", "GB", "+447911123456"),
        ("436601234567", "AT", "+436601234567"),
        ("079 123 45 67", "CH", "+41791234567"),
        ("612345678", "ES", "+34612345678"),
        ("1 212 555 1234", "US", "+12125551234"),
    ],
)
def test_a_number_is_kept_in_its_one_form(told: str, region: str, number: str) -> None:
    assert valid_phone(told, region) == number


@pytest.mark.parametrize("told", ["", "  ", "\u200e"])
def test_nothing_is_no_number(told: str) -> None:
    assert valid_phone(told) is None


@pytest.mark.parametrize(
    ("told", "region"),
    [
        ("4917612345678", "DE"),
        ("49 176 12345678", "DE"),
        ("43660123456", "DE"),
        ("41791234567", "DE"),
        ("32470123456", "DE"),
        ("17185551234", "DE"),
        ("15123456789", "DE"),
        ("491761234567", "AT"),
        ("447911123456", "DE"),
        ("447911123456", "US"),
        ("436601234567", "CH"),
        ("41791234567", "AT"),
        ("33612345678", "ES"),
        ("49 (0)170 1234711", "DE"),
    ],
)
def test_digits_that_may_have_lost_their_plus_are_doubtful(told: str, region: str) -> None:
    with pytest.raises(InvalidField, match="phone_doubtful"):
        valid_phone(told, region)


@pytest.mark.parametrize(
    "told",
    [
        "030 123456", "+49 30 123456", "0800 3301000", "0900 1234567", "0180 5123456", "0137 7123456",
        "+44 20 7946 0958", "0700 12345678", "0164 1234567", "+33 9 12 34 56 78", "+41 74 012 34 56",
        "+41 84 012 34 56", "+44 3001 234567", "+1 800 555 0199", "+1 900 555 0199", "+1 500 555 0199",
        "+800 1234 5678", "+883 510012345678", "+882 1612345", "+881 612345678", "+870 773111632", "+979 123456789",
    ],
    ids=[
        "landline", "landline abroad", "toll-free", "premium", "shared cost", "televoting", "London", "personal",
        "pager", "VoIP", "pager abroad", "shared cost abroad", "company", "toll-free in America", "premium in America",
        "personal in America", "toll-free everywhere", "VoIP everywhere", "network of no country", "satellite",
        "ship", "premium everywhere",
    ],
)  # fmt: skip
def test_what_gets_no_sms_is_no_mobile_number(told: str) -> None:
    with pytest.raises(InvalidField, match="phone_not_mobile"):
        valid_phone(told)


@pytest.mark.parametrize(
    "told",
    [
        "4,91701E+11", "4.91701e+11", "491701234711.0", "1701234711,0", "0170 1234711.00", "tel:+491701234711",
        "0170 1234711 ext 5", "0170 1234711;5", "0170 1234711 / 5", "0170 1234711, 0171 7654321", "0170-CALLME1",
        "#NAME?", "12", "110", "+", "+49", "0", "kein Telefon",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(told: str) -> None:
    with pytest.raises(InvalidField, match="phone_unfit"):
        valid_phone(told)


def test_a_country_has_two_letters() -> None:
    assert valid_region(" de ") == "DE"
    for told in ("Deutschland", "XX", "", "ZZ"):
        with pytest.raises(InvalidField, match="region_unknown"):
            valid_region(told)
