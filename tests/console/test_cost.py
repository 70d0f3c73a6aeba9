"""`smartident cost` and docs/cost.md: the same figures, sums that add up, prices that can be changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from console.cost_model import DAYS_A_MONTH, lines, month, standing_lines, total
from console.cost_prices import MILLION, PRICES_OF, REGIONS
from console.cost_work import CALL_MS, ENROLMENT, LOGIN, Invocation, Standing
from console.main import app
from local.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOC = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")
FRANKFURT = REGIONS["eu-central-1"]


def cost(*words: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["cost", *words])


def told(*words: str) -> Any:
    result = cost("--json", *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_the_page_shows_what_the_command_prints() -> None:
    printed = cost("--language", "en", "--markdown").output
    _, *tables = printed.strip().split("\n\n")
    assert len(tables) == 3
    for table in tables:
        assert table in DOC
    assert PRICES_OF in DOC


def test_the_terminal_shows_every_line_in_german_too() -> None:
    printed = cost().output
    for said in ("Eine Million Anmeldungen", "Tabelle, Schreibeinheiten", "KMS, Signaturen", "Ein Monat"):
        assert said in printed


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert _signatures(cost().output) == ["1.000.000", "15,00"]
    assert _signatures(cost("--language", "en").output) == ["1,000,000", "15.00"]


def _signatures(printed: str) -> list[str]:
    """Amount and price of the signatures of a million logins."""
    [line] = [line for line in printed.splitlines() if line.startswith("KMS, ")]
    return line.split()[-2:]


@pytest.mark.parametrize("work", [LOGIN, ENROLMENT], ids=["login", "enrolment"])
def test_a_sum_is_its_lines_whatever_is_shown_apart(work: Any) -> None:
    found = lines(work, FRANKFURT)
    apart = [line for line in found if line.apart]
    assert {line.name for line in apart} <= {"kept", "logs", "signatures", "sms"}
    assert total(found) == pytest.approx(total(apart) + total([line for line in found if not line.apart]))
    assert all(line.usd > 0 for line in found)


def test_a_month_is_its_days() -> None:
    bill = month(FRANKFURT, logins_per_day=100, enrolments_per_day=0, accounts=0)
    assert total(bill.logins) == pytest.approx(100 * DAYS_A_MONTH * total(lines(LOGIN, FRANKFURT)))
    assert bill.usd == pytest.approx(total(bill.logins) + total(standing_lines(FRANKFURT)))


def test_a_function_with_less_memory_computes_longer_and_waits_as_long() -> None:
    whole, half = (Invocation("any", memory, 10.0, ("Sign",)) for memory in (1769, 1769 // 2))
    assert whole.duration_ms == pytest.approx(10 + CALL_MS["Sign"])
    assert half.duration_ms == pytest.approx(20 + CALL_MS["Sign"], rel=0.01)


def test_more_than_a_whole_processor_is_no_use_to_one_thread() -> None:
    assert Invocation("any", 3538, 10.0).duration_ms == 10.0


def test_a_price_of_ones_own_counts(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text('{"signatures": 0, "sms": 0.05}')
    ours = told("--prices", str(file), "--price", "write_units=0.5")
    assert ours["prices"]["write_units"] == 0.5
    by_name = {line["name"]: line["usd"] for line in ours["million_logins"]}
    assert by_name["write_units"] == pytest.approx(LOGIN.write_units * 0.5)
    assert by_name["signatures"] == 0
    assert ours["month"]["enrolments"][-1]["usd"] == pytest.approx(0.05 * 100 * DAYS_A_MONTH)


def test_another_region_has_other_prices() -> None:
    assert told("--region", "us-east-1")["month"]["usd"] < told()["month"]["usd"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--price", "luck=1"), "luck"),
        (("--price", "sms=cheap"), "sms=cheap"),
        (("--region", "moon-1"), "moon-1"),
    ],
    ids=["no such price", "no number", "no such region"],
)
def test_what_the_model_does_not_know_is_said(words: tuple[str, ...], said: str) -> None:
    result = cost(*words)
    assert result.exit_code == 1
    assert said in result.output


def service(region: str = "eu-central-1") -> float:
    """A million logins without what is shown apart."""
    return total([line for line in lines(LOGIN, REGIONS[region]) if not line.apart]) * MILLION


def test_the_goal_is_told_as_it_stands() -> None:
    assert f"**${service():.2f}**" in DOC
    assert ("does not hold" in DOC) is (service() > 20)


def test_the_figures_between_the_tables_are_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = FRANKFURT.write_units
    [kept] = [
        line.usd * MILLION for line in lines(LOGIN, FRANKFURT, Standing(retention_days=90)) if line.name == "kept"
    ]
    once, there, month = service(), service("us-east-1"), 22 * total(lines(LOGIN, FRANKFURT))
    for call, milliseconds in list(CALL_MS.items()):
        monkeypatch.setitem(CALL_MS, call, 2 * milliseconds)
    for figure in (there, 2 * unit, kept, service() - once):
        assert f"${figure:.2f}" in DOC
    assert f"${month:.4f}" in DOC
    assert f"about ${total(standing_lines(FRANKFURT)):.0f} a month" in DOC
