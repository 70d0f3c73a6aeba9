"""`make bench-cost`: what a login, an enrolment and a month cost, by the work that they were counted to be.

Without arguments it fills the tables of docs/cost.md; with numbers, prices or a region of your own it prints them.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from bench.cost.model import Usage, lines, month
from bench.cost.prices import MILLION, PRICES_OF, REGIONS, NoPrice, Prices
from bench.cost.report import tables
from bench.cost.work import ENROLMENT, LOGIN
from bench.report import put
from smartident_laptop.template import ROOT

PAGE = ROOT / "docs" / "cost.md"


def _options() -> argparse.ArgumentParser:
    plain = Usage()
    parser = argparse.ArgumentParser(prog="make bench-cost", description=__doc__)
    parser.add_argument("--logins-per-day", type=_number, default=plain.logins_per_day)
    parser.add_argument("--enrolments-per-day", type=_number, default=plain.enrolments_per_day)
    parser.add_argument("--accounts", type=_number, default=plain.accounts)
    parser.add_argument("--region", choices=REGIONS, default="eu-central-1", help="whose list prices")
    parser.add_argument("--prices", type=Path, help="JSON file of other prices")
    parser.add_argument("--price", action="append", default=[], help="another price: NAME=USD; may be given again")
    parser.add_argument("--json", action="store_true", dest="as_json", help="everything, for a program")
    return parser


def _number(text: str) -> float:
    number = float(text)
    if not number >= 0:
        raise ValueError(text)
    return number


def _prices(region: str, file: Path | None, named: list[str]) -> Prices:
    """The region's prices, those of a file instead, and single ones instead of these; raises NoPrice."""
    pairs = dict(one.partition("=")[::2] for one in named)
    try:
        read = json.loads(file.read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError) as error:
        raise NoPrice(f"{file}: {error}") from None
    return REGIONS[region].changed({**read, **pairs})


def _told(region: str, prices: Prices, usage: Usage) -> dict[str, Any]:
    """Everything, for a program."""
    bill = month(prices, usage)
    return {
        "region": region,
        "prices_of": PRICES_OF,
        "prices": asdict(prices),
        "million_logins": [asdict(line.times(MILLION)) for line in lines(LOGIN, prices)],
        "million_enrolments": [asdict(line.times(MILLION)) for line in lines(ENROLMENT, prices)],
        "month": {**asdict(bill), "usd": bill.usd},
    }


def main(arguments: list[str]) -> int:
    """Compute, and fill the page or print; 1 for a price that the model has not."""
    options = _options().parse_args(arguments)
    usage = Usage(options.logins_per_day, options.enrolments_per_day, options.accounts)
    try:
        prices = _prices(options.region, options.prices, options.price)
    except NoPrice as wrong:
        known = ", ".join(field.name for field in fields(Prices))
        print(f"{wrong}: no price of this model, or no number. It knows {known}.", file=sys.stderr)
        return 1
    if options.as_json:
        print(json.dumps(_told(options.region, prices, usage), indent=1))
        return 0
    made = tables(prices, usage)
    if arguments:
        print(f"AWS list prices, {options.region}, as of {PRICES_OF}, in USD, without free allowances or discounts\n")
        print(*made.values(), sep="\n\n")
        return 0
    page = PAGE.read_text(encoding="utf-8")
    for name, table in made.items():
        page = put(page, name, table)
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
