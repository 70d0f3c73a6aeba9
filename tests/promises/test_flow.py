"""docs/flow.md tells which rows each request reads and writes: counted here, request by request, in the good case."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from smartident_laptop.template import ROOT, Template
from tests.promises import journey
from tests.support.browser_tab import Tab
from tests.support.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.fake_aws import Aws, Call

TEMPLATE = Template()
FLOW = (ROOT / "docs/flow.md").read_text(encoding="utf-8")
LOGIN = ["POST /v1/logins", "$connect", "status", "GET /v1/approvals", "POST /v1/approvals/{login_id}"]
LOGIN += ["POST /v1/logins/{login_id}/complete"]
Rows = tuple[Counter[str], Counter[str]]


def told() -> dict[str, tuple[str, str]]:
    """The two cells of each request in the page's tables."""
    request = r'`([A-Z]+ /[^`]+)`|WebSocket `(\$connect)`|`\{"action": "(status)"\}`'
    found = re.findall(rf"^\|.*?(?:{request}) \| `\w+` \|(.*)\|(.*)\|$", FLOW, re.MULTILINE)
    return {route or connect or status: (reads, writes) for route, connect, status, reads, writes in found}


def rows(cell: str) -> Counter[str]:
    """The rows that a cell names: two `LIMIT#` are two, a check writes nothing, "the Query twice" is two overviews."""
    named = re.sub(r"`\w+#?`\s*\(check\)", "", cell)
    counted = Counter[str]()
    for many, name in re.findall(r"(two |four )?`([A-Z]+#?)`", named):
        counted[name] += {"two ": 2, "four ": 4}.get(many, 1)
    counted["overview"] += 2 if "Query twice" in cell else int("Query" in cell)
    counted["LOGIN#"] += int("the latest 50 logins" in cell)
    return +counted


def family(key: dict[str, Any]) -> str:
    """What kind of row a key is for, as the page names it: `ACCOUNT`, `LOGIN#`, `NUMBER#`."""
    pk, sk = key["pk"]["S"], key["sk"]["S"]
    own = re.match(r"[A-Z]+#", pk)
    return own[0] if own and own[0] != "UNKNOWN#" else re.sub(r"#.*", "#", sk)


def _asked(ask: dict[str, Any]) -> str:
    """What a Query is for, by the values that its condition compares with."""
    values = " ".join(value["S"] for value in ask["ExpressionAttributeValues"].values() if "S" in value)
    if "ACCOUNT" in values:
        return "overview"
    found = re.search(r"\b(?:EMAIL|LOGIN|NOTICE|PASSKEY|RECORD)#", values)
    assert found, values
    return found[0]


def touched(calls: list[Call]) -> Rows:
    """The rows that these calls read, and those that they write."""
    reads, writes = Counter[str](), Counter[str]()
    for call in calls:
        if call.operation == "GetItem":
            reads[family(call.ask["Key"])] += 1
        elif call.operation == "Query":
            reads[_asked(call.ask)] += 1
        elif call.operation in {"PutItem", "UpdateItem"}:
            writes[family(call.ask.get("Key") or call.ask["Item"])] += 1
        elif call.operation == "TransactWriteItems":
            parts = [item.get("Put") or item.get("Update") or item.get("Delete") for item in call.ask["TransactItems"]]
            writes.update(family(part.get("Key") or part["Item"]) for part in parts if part)
    return reads, writes


@pytest.fixture(scope="module")
def lived(cloud: Aws) -> Iterator[dict[str, Rows]]:
    """What the first good answer of each route, and of the socket, cost the table."""
    patch = pytest.MonkeyPatch()
    world = World(patch, cloud)
    world.provision()
    whole = journey.whole(world)
    cost: dict[str, Rows] = {}
    for answer in whole.answers:
        if answer.status < 400:
            (route,) = [one.key for one in TEMPLATE.routes if _is_of(one.key, answer)]
            cost.setdefault(route, touched(answer.calls))
    # A later login than the account's first, as if those before it had begun in another hour.
    world.set(UNANSWERED_LOGINS=99, PENDING_LOGINS=99)
    cloud.calls.clear()
    login, tab = journey.log_in(whole), Tab(world)
    cost["POST /v1/logins"] = touched(cloud.calls)
    for name, act in (
        ("$connect", lambda: tab.open(login["login_id"], login["login_token"])),
        ("status", lambda: tab.ask(login["login_id"])),
    ):
        cloud.calls.clear()
        act()
        cost[name] = touched(cloud.calls)
    yield cost
    patch.undo()


def _is_of(route: str, answer: journey.Answer) -> bool:
    pattern = re.sub(r"\{\w+\}", "[^/]+", route)
    return re.fullmatch(pattern, f"{answer.method} {answer.path.partition('?')[0]}") is not None


def test_the_page_tells_of_every_request(lived: dict[str, Rows]) -> None:
    assert told().keys() == lived.keys()
    assert lived.keys() == {route.key for route in TEMPLATE.routes} | {"$connect", "status"}


@pytest.mark.parametrize("request_", told())
def test_a_request_reads_and_writes_the_rows_that_the_page_tells(request_: str, lived: dict[str, Rows]) -> None:
    reads, writes = told()[request_]
    read, written = lived[request_]
    promised = rows(reads)
    if " or " in reads:
        # One row of the two, by what the person typed.
        promised = Counter({name: promised[name] for name in read})
    assert read == promised
    assert written == rows(writes)


def test_a_login_costs_what_the_page_tells(lived: dict[str, Rows]) -> None:
    (told_reads, told_writes) = re.findall(r"\*\*(\d+) reads and (\d+) writes\*\*", FLOW)[0]
    reads, writes = (sum(lived[name][which].total() for name in LOGIN) for which in (0, 1))
    assert (reads, writes) == (int(told_reads), int(told_writes))
    assert reads <= 6
    assert writes <= 6
