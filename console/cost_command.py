"""`smartident cost`: what a deployment costs, from counted work and list prices; no deployment is asked."""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated

import typer

from console.cost_model import Line, lines, month, total
from console.cost_prices import MILLION, PRICES_OF, REGIONS, NoPrice, Prices
from console.cost_texts import COST_TEXTS
from console.cost_work import ENROLMENT, LOGIN
from console.phone_options import Speech, give_up
from console.voice import Voice

CENTS = 2
# From here on, what stands after the point says nothing.
MANY = 100
Rows = list[tuple[str, float | None, float]]


def cost(
    *,
    logins_per_day: Annotated[float, typer.Option(min=0, help="Logins a day.")] = 10_000,
    enrolments_per_day: Annotated[float, typer.Option(min=0, help="Phones enrolled a day.")] = 100,
    accounts: Annotated[int, typer.Option(min=0, help="Accounts in the table.")] = 100_000,
    region: Annotated[str, typer.Option(help=f"Whose list prices: {', '.join(REGIONS)}.")] = "eu-central-1",
    prices: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="JSON file of other prices.")] = None,
    price: Annotated[list[str] | None, typer.Option(help="Another price: NAME=USD; may be given again.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="The tables as Markdown.")] = False,
    language: Speech = "de",
) -> None:
    """Tell what a million logins, a million enrolments and a month cost, by the work that they were counted to be."""
    voice = Voice(COST_TEXTS, language)
    paid = _prices(voice, region, prices, price or [])
    crowd = {"logins_per_day": logins_per_day, "enrolments_per_day": enrolments_per_day}
    if as_json:
        print(json.dumps(_told(region, paid, crowd, accounts), indent=1))
        return
    voice.say("cost_head", region=region, date=PRICES_OF)
    for heading, rows in _tables(voice, paid, crowd, accounts):
        (_mark if as_markdown else _draw)(voice, heading, rows)


def _prices(voice: Voice, region: str, file: Path | None, named: list[str]) -> Prices:
    """The region's prices, those of a file instead, and single ones instead of these."""
    if region not in REGIONS:
        give_up(voice, "cost_no_region", region=region, known=", ".join(REGIONS))
    pairs = dict(one.partition("=")[::2] for one in named)
    try:
        changed = {**(json.loads(file.read_text(encoding="utf-8")) if file else {}), **pairs}
        return REGIONS[region].changed(changed)
    except (NoPrice, ValueError) as wrong:
        known = ", ".join(field.name for field in fields(Prices))
        give_up(voice, "cost_no_price", named=wrong, known=known)


def _tables(voice: Voice, paid: Prices, crowd: dict[str, float], accounts: int) -> Iterator[tuple[str, Rows]]:
    """Each table's heading and rows."""
    for heading, work in (("cost_logins", LOGIN), ("cost_enrolments", ENROLMENT)):
        found = [line.times(MILLION) for line in lines(work, paid)]
        plain, apart = [line for line in found if not line.apart], [line for line in found if line.apart]
        sums: Rows = [(voice.text("cost_plain"), None, total(plain))]
        rows = _rows(voice, plain) + sums + _rows(voice, apart)
        yield voice.text(heading), [*rows, (voice.text("cost_all"), None, total(found))]
    bill = month(paid, **crowd, accounts=accounts)
    logins, enrolments = voice.number(crowd["logins_per_day"]), voice.number(crowd["enrolments_per_day"])
    parts: Rows = [
        *_rows(voice, bill.standing),
        (voice.text("cost_of_logins", number=logins), None, total(bill.logins)),
        (voice.text("cost_of_enrolments", number=enrolments), None, total(bill.enrolments)),
    ]
    yield voice.text("cost_month"), [*parts, (voice.text("cost_sum"), None, bill.usd)]


def _rows(voice: Voice, found: list[Line]) -> Rows:
    return [(voice.text(f"line_{line.name}"), line.amount, line.usd) for line in found]


def _draw(voice: Voice, heading: str, rows: Rows) -> None:
    """A table for the terminal."""
    table = voice.table("cost_what")
    for column in ("cost_amount", "cost_usd"):
        table.add_column(voice.text(column), justify="right")
    for said, amount, usd in rows:
        table.add_row(said, _amount(voice, amount), voice.number(usd, CENTS), style="bold" if amount is None else "")
    voice.console.print(f"\n{heading}", style="bold")
    voice.console.print(table)


def _mark(voice: Voice, heading: str, rows: Rows) -> None:
    """The same table as Markdown."""
    print(f"\n| {heading} | {voice.text('cost_amount')} | {voice.text('cost_usd')} |\n|---|---:|---:|")
    for said, amount, usd in rows:
        name = f"**{said}**" if amount is None else said
        print(f"| {name} | {_amount(voice, amount)} | {voice.number(usd, CENTS)} |")


def _amount(voice: Voice, amount: float | None) -> str:
    if amount is None:
        return ""
    return voice.number(amount, 0 if amount >= MANY or amount == int(amount) else 2)


def _told(region: str, paid: Prices, crowd: dict[str, float], accounts: int) -> dict[str, object]:
    """Everything, for a program."""
    bill = month(paid, **crowd, accounts=accounts)
    return {
        "region": region,
        "prices_of": PRICES_OF,
        "prices": asdict(paid),
        "million_logins": [asdict(line.times(MILLION)) for line in lines(LOGIN, paid)],
        "million_enrolments": [asdict(line.times(MILLION)) for line in lines(ENROLMENT, paid)],
        "month": {**asdict(bill), "usd": bill.usd},
    }
