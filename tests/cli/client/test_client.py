"""`smartident client …`: an operator adds, shows, lists and removes the applications that people log in to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from smartident.accounts.external_ids import find_external_id
from smartident.admin.change import change_external_id
from smartident.clients.client import ClientRow
from smartident_cli.client.validation import (
    MAX_ENTRIES,
    valid_client_id,
    valid_client_name,
    valid_origins,
    valid_redirect_uris,
)
from smartident_cli.invalid_field import InvalidField
from tests.support.tax_app import TAX_PAGE, client_row
from tests.support.world import ORIGIN

if TYPE_CHECKING:
    from tests.cli.operator import Operator
    from tests.support.world import World

ADD = ("client", "add", "taxapp", "--name", "Steuer", "--origin", ORIGIN, "--redirect-uri", f"{ORIGIN}/home")


def test_a_client_is_added_shown_listed_and_removed(operator: Operator, world: World) -> None:
    told = operator(*ADD)
    assert (told.exit_code, told.stderr) == (0, "")
    assert "Der Client taxapp ist hinzugefügt" in told.output
    shown = operator("client", "show", "taxapp").output
    for part in ("taxapp", "Steuer", "aktiv", ORIGIN, f"{ORIGIN}/home", "arn:aws:sts::"):
        assert part in shown
    assert operator("client", "remove", "taxapp", "--yes").exit_code == 0
    listed = operator("client", "list").output.splitlines()
    assert [line.split()[0] for line in listed[1:]] == ["financeapp", "taxapp"]
    assert "entfernt" in listed[2]


def test_a_removed_client_leaves_no_names_to_a_later_one_of_its_id(operator: Operator, world: World) -> None:
    operator(*ADD)
    anna = world.account("700001")
    operator("account", "set-external-id", "700001", "taxapp", "T-1")
    world.later(1)
    assert operator(*ADD).exit_code == 1, "it is there"
    assert find_external_id("taxapp", "T-1") == anna.id
    assert operator("client", "remove", "taxapp", "--yes").exit_code == 0
    assert find_external_id("taxapp", "T-1") is None
    # As if the removal had been broken off, and run again later.
    change_external_id(anna.id, "taxapp", "T-2", now=world.now)
    world.later(1)
    assert operator("client", "remove", "taxapp", "--yes").exit_code == 1
    assert find_external_id("taxapp", "T-2") is None
    change_external_id(anna.id, "taxapp", "T-3", now=world.now)
    assert operator(*ADD).exit_code == 0
    assert find_external_id("taxapp", "T-3") is None
    assert operator("account", "set-external-id", "700001", "taxapp", "T-1").exit_code == 0
    operator("client", "remove", "taxapp", "--yes")
    assert operator("account", "set-external-id", "700001", "taxapp", "T-1").exit_code != 0


def test_who_added_and_removed_it_is_told_to_a_program(operator: Operator, world: World) -> None:
    added = json.loads(operator(*ADD, "--json").stdout)
    assert added["client_id"] == "taxapp"
    assert (added["state"], added["origins"], added["redirect_uris"]) == ("active", [ORIGIN], [f"{ORIGIN}/home"])
    assert added["changed_by"].startswith("arn:aws:sts::123456789012:")
    assert added["changed_at"] == world.now
    assert added["origins_not_allowed"] == []
    removed = json.loads(operator("client", "remove", "taxapp", "--yes", "--json").stdout)
    assert removed == json.loads(operator("client", "show", "taxapp", "--json").stdout)
    assert removed["state"] == "removed"
    [own, other] = json.loads(operator("client", "list", "--json").stdout)["clients"]
    assert (own["client_id"], own["changed_by"], own["changed_at"]) == ("financeapp", None, None)
    assert other == removed


def test_the_templates_own_is_shown_with_whom_to_ask(operator: Operator) -> None:
    shown = operator("client", "show", "financeapp").output
    assert "die Parameter des Stacks" in shown
    assert "FinanceApp" in shown


def test_a_page_that_cors_does_not_let_in_is_said(operator: Operator) -> None:
    told = operator(*ADD, "--origin", TAX_PAGE)
    assert told.exit_code == 0
    assert f"{TAX_PAGE} steht nicht in AllowedOrigins" in told.stderr
    assert ORIGIN not in told.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*ADD[:4], "Andere", *ADD[5:]), "Den Client taxapp gibt es schon."),
        (("client", "show", "nobody"), "Einen Client nobody gibt es nicht."),
        (("client", "remove", "nobody", "--yes"), "Einen Client nobody gibt es nicht."),
        # Nobody is asked about what is not there.
        (("client", "remove", "nobody"), "Einen Client nobody gibt es nicht."),
        (("client", "rotate-secret", "nobody"), "Einen Client nobody mit einem Secret gibt es nicht."),
        (("client", "remove", "taxapp"), "Es bleibt, wie es war."),
        (("client", "remove", "financeapp", "--yes"), "beschreiben die Parameter des Stacks"),
        ((*ADD[:2], "other", *ADD[3:6], "http://a.example", *ADD[7:]), "origin: keine Herkunft"),
    ],
    ids=[
        *(
            "taken",
            "unknown to show",
            "unknown to remove",
            "unknown and not asked",
            "without a secret",
            "asked and not answered",
        ),
        *("the stack's own", "no origin"),
    ],
)
def test_what_does_not_work_is_said(operator: Operator, words: tuple[str, ...], said: str) -> None:
    operator(*ADD)
    told = operator(*words)
    assert told.exit_code == 1
    assert said in told.stderr
    assert client_row().state == "active"


@pytest.mark.parametrize(
    "fit", ["https://a.example", "https://a.example:8443", "http://localhost:3000", "http://[::1]"]
)
def test_an_origin_is_one_as_browsers_send_it(fit: str) -> None:
    assert valid_origins([fit, fit]) == (fit,)


@pytest.mark.parametrize(
    "unfit",
    [
        "", "a.example", "https://", "https://a.example/", "https://A.example", "https://a.example:443", "null", "*",
        "https://*.a.example", "http://a.example", "https://a.example:99999", "https://me@a.example", "https://ä.example",
        "https://a.example#b", "https://a.example?b", "ftp://a.example", "https://a.example https://b.example",
        "https://[::1", "javascript://localhost",
    ],
)  # fmt: skip
def test_what_no_browser_sends_is_no_origin(unfit: str) -> None:
    with pytest.raises(InvalidField):
        valid_origins([unfit])


@pytest.mark.parametrize(
    "unfit",
    ["", "/home", "http://a.example/", "https://a.example/#x", "https://a.example/ä", "https://a.example/a b",
     "javascript:alert(1)", "data:text/html,x", "https://u:p@a.example/", "https://a.example/" + "x" * 2048],
)  # fmt: skip
def test_a_redirect_uri_leads_to_a_page_and_nowhere_else(unfit: str) -> None:
    with pytest.raises(InvalidField):
        valid_redirect_uris([unfit])
    assert valid_redirect_uris(["https://a.example/b?c=d"]) == ("https://a.example/b?c=d",)


@pytest.mark.parametrize("unfit", ["", " ", "x" * 65, "a\0b", "\u202e"])
def test_a_name_can_be_shown(unfit: str) -> None:
    with pytest.raises(InvalidField):
        valid_client_name(unfit)
    assert valid_client_name(" Meine  Steuer\u200b ") == "Meine Steuer"


def test_a_client_has_an_id_and_neither_no_page_nor_too_many() -> None:
    for unfit in ("", "a b", "ä", "x" * 65, "a/b"):
        with pytest.raises(InvalidField):
            valid_client_id(unfit)
    for number in (0, MAX_ENTRIES + 1):
        pages = [f"https://a{one}.example" for one in range(number)]
        with pytest.raises(InvalidField):
            valid_origins(pages)
        with pytest.raises(InvalidField):
            valid_redirect_uris(pages)


def test_what_somebody_else_wrote_cannot_steer_the_terminal(operator: Operator) -> None:
    operator(*ADD)
    client_row().update(actions=[ClientRow.name.set("[red]Steuer\x1b[2J")])
    assert "[red]Steuer\N{REPLACEMENT CHARACTER}[2J" in operator("client", "show", "taxapp").output
