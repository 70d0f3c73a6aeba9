"""`make bench-cost` and docs/cost.md: the same figures, sums that add up, prices that can be changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bench.cost.__main__ import PAGE, main
from bench.cost.model import DAYS_A_MONTH, Usage, firewall_line, front_lines, lines, month, standing_lines, total
from bench.cost.prices import MILLION, PRICES_OF, REGIONS
from bench.cost.report import tables
from bench.cost.work import CALL_MS, ENROLMENT, LOGIN, Invocation, Standing
from bench.report import put

if TYPE_CHECKING:
    from pathlib import Path

DOC = PAGE.read_text(encoding="utf-8")
FRANKFURT = REGIONS["eu-central-1"]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_page_is_what_the_script_writes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`make bench-cost` writes it again."""
    written = tmp_path / "cost.md"
    spoiled = DOC
    for name in tables(FRANKFURT, Usage()):
        spoiled = put(spoiled, name, "stale")
    written.write_text(spoiled, encoding="utf-8")
    monkeypatch.setattr("bench.cost.__main__.PAGE", written)
    assert main([]) == 0
    assert written.read_text(encoding="utf-8") == DOC
    assert PRICES_OF in DOC


def test_numbers_of_ones_own_are_printed_and_leave_the_page_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bench.cost.__main__.PAGE", tmp_path / "none.md")
    assert main(["--logins-per-day", "50000"]) == 0
    printed = capsys.readouterr().out
    assert "**logins, 50,000 a day**" in printed
    assert "| KMS, signatures | 1,000,000 | 15.00 |" in printed


@pytest.mark.parametrize("work", [LOGIN, ENROLMENT], ids=["login", "enrolment"])
def test_a_sum_is_its_lines_whatever_is_shown_apart(work: Any) -> None:
    found = lines(work, FRANKFURT)
    apart = [line for line in found if line.apart]
    assert {line.name for line in apart} <= {"kept", "logs", "signatures", "sms"}
    assert total(found) == pytest.approx(total(apart) + total([line for line in found if not line.apart]))
    assert all(line.usd > 0 for line in found)


def test_the_front_is_shown_apart_and_pays_each_request_and_each_socket_once() -> None:
    by_name = {line.name: line for line in front_lines(LOGIN, FRANKFURT)}
    assert by_name["front_requests"].amount == LOGIN.http_requests + 1
    assert {one.name: one.amount for one in front_lines(ENROLMENT, FRANKFURT)}["front_requests"] == 2
    [sent] = [line for line in lines(LOGIN, FRANKFURT) if line.name == "transfer"]
    assert by_name["no_transfer"].usd == -sent.usd
    assert not by_name.keys() & {line.name for line in lines(LOGIN, FRANKFURT)}
    assert firewall_line(LOGIN, FRANKFURT.changed({"firewall_requests": 2})).usd == pytest.approx(2 * 5 / MILLION)


def test_a_month_is_its_days() -> None:
    bill = month(FRANKFURT, Usage(logins_per_day=100, enrolments_per_day=0, accounts=0))
    assert total(bill.logins) == pytest.approx(100 * DAYS_A_MONTH * total(lines(LOGIN, FRANKFURT)))
    assert bill.usd == pytest.approx(total(bill.logins) + total(standing_lines(FRANKFURT)))


def test_a_function_with_less_memory_computes_longer_and_waits_as_long() -> None:
    whole, half = (Invocation("any", memory, 10.0, ("Sign",)) for memory in (1769, 1769 // 2))
    assert whole.duration_ms == pytest.approx(10 + CALL_MS["Sign"])
    assert half.duration_ms == pytest.approx(20 + CALL_MS["Sign"], rel=0.01)


def test_more_than_a_whole_processor_is_no_use_to_one_thread() -> None:
    assert Invocation("any", 3538, 10.0).duration_ms == 10.0


def test_a_price_of_ones_own_counts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text('{"signatures": 0, "sms": 0.05}')
    ours = told(capsys, "--prices", str(file), "--price", "write_units=0.5")
    assert ours["prices"]["write_units"] == 0.5
    by_name = {line["name"]: line["usd"] for line in ours["million_logins"]}
    assert by_name["write_units"] == pytest.approx(LOGIN.write_units * 0.5)
    assert by_name["signatures"] == 0
    assert ours["month"]["enrolments"][-1]["usd"] == pytest.approx(0.05 * 100 * DAYS_A_MONTH)


def test_another_region_has_other_prices(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "--region", "us-east-1")["month"]["usd"] < told(capsys)["month"]["usd"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--price", "luck=1"), "luck"),
        (("--price", "sms=cheap"), "sms=cheap"),
        (("--prices", "none.json"), "none.json"),
    ],
    ids=["no such price", "no number", "no such file"],
)
def test_what_the_model_does_not_know_is_said(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert main([*words]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--region", "moon-1"), ("--accounts", "-1"), ("--accounts", "nan")])
def test_what_is_no_argument_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        main([*words])


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
