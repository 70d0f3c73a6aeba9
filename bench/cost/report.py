"""The tables of docs/cost.md: what a million logins, a million enrolments and a month cost, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.cost.beside import BESIDE
from bench.cost.labels import LABELS
from bench.cost.model import Line, firewall_line, front_lines, lines, month, total
from bench.cost.prices import MILLION, Prices
from bench.cost.work import ENROLMENT, LOGIN, Work

if TYPE_CHECKING:
    from bench.cost.model import Usage

# From here on, what stands after the point says nothing.
MANY = 100
Rows = list[tuple[str, float | None, float]]


def tables(prices: Prices, usage: Usage) -> dict[str, str]:
    """Each table by the name of its place in the page, as Markdown."""
    return {
        "logins": _markdown("One million logins", _million(LOGIN, prices)),
        "enrolments": _markdown("One million enrolments of phones", _million(ENROLMENT, prices)),
        "front": _markdown("One million logins through CloudFront", _front(LOGIN, prices)),
        "beside": _beside(prices),
        "month": _markdown("One month", _month(prices, usage)),
    }


def _million(work: Work, prices: Prices) -> Rows:
    """A million of it: the service first, then what is shown apart."""
    found = [line.times(MILLION) for line in lines(work, prices)]
    plain, apart = [line for line in found if not line.apart], [line for line in found if line.apart]
    return [
        *_rows(plain),
        ("**The service**", None, total(plain)),
        *_rows(apart),
        ("**All together**", None, total(found)),
    ]


def _front(work: Work, prices: Prices) -> Rows:
    found = [line.times(MILLION) for line in front_lines(work, prices)]
    firewall = firewall_line(work, prices).times(MILLION)
    return [*_rows(found), ("**What the front adds**", None, total(found)), *_rows([firewall])]


def _beside(prices: Prices) -> str:
    head = "| One million times | Read units | Write units | HTTP requests | Function calls | Signatures | USD |"
    rows = [
        f"| {one.name} | {one.read_units} | {one.write_units} | {one.http_requests} | {one.calls}"
        f" | {one.signatures + one.rsa_signatures} | {one.usd(prices):,.2f} |"
        for one in BESIDE.values()
    ]
    return "\n".join([head, "|---|---:|---:|---:|---:|---:|---:|", *rows])


def _month(prices: Prices, usage: Usage) -> Rows:
    bill = month(prices, usage)
    return [
        *_rows(bill.standing),
        (f"**logins, {usage.logins_per_day:,.0f} a day**", None, total(bill.logins)),
        (f"**enrolments, {usage.enrolments_per_day:,.0f} a day**", None, total(bill.enrolments)),
        ("**Sum**", None, bill.usd),
    ]


def _rows(found: list[Line]) -> Rows:
    return [(LABELS[line.name], line.amount, line.usd) for line in found]


def _markdown(heading: str, rows: Rows) -> str:
    head = [f"| {heading} | Amount | USD |", "|---|---:|---:|"]
    return "\n".join([*head, *(f"| {what} | {_amount(amount)} | {usd:,.2f} |" for what, amount, usd in rows)])


def _amount(amount: float | None) -> str:
    if amount is None:
        return ""
    return f"{amount:,.0f}" if amount >= MANY or amount == int(amount) else f"{amount:,.2f}"
