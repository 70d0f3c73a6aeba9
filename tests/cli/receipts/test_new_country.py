"""A phone that was told of a new country signs a typed code: a receipt without one proves nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from smartident_cli.export_file import write_export
from smartident_client import base64url
from tests.cli.receipts.test_receipts import logins, restated, spoiled

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.receipts.test_receipts import Rows
    from tests.support.world import World

SAID = "aus einem neuen Land, und ohne den Code aus dem Browser freigegeben"


@pytest.mark.parametrize(
    ("new_country", "typed", "is_told"),
    [(True, "", True), (True, "604193", False), (False, "", False)],
    ids=["nothing typed", "typed", "a country seen before"],
)
def test_an_approval_from_a_new_country_holds_the_typed_code(
    world: World, tmp_path: Path, *, new_country: bool, typed: str, is_told: bool
) -> None:
    anna = world.account("700001")
    phone = world.phone(anna)
    started = world.start(anna)
    world.approve(phone, started)
    world.complete(started)
    file = tmp_path / "anna.jsonl"
    write_export(anna, file, now=world.now)

    def sign_again(rows: Rows) -> None:
        [row] = logins(rows)
        if new_country:
            restated(row, new_country=True)
        statement = base64url.encode(row["statement"].encode())
        row["receipt"] = json.dumps(phone.evidence(statement, typed, now=world.now), separators=(",", ":"))

    assert (SAID in spoiled(file, sign_again).output) is is_told
