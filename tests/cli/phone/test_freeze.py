"""`smartident phone freeze|open`: what a person reads, types and signs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx

from smartident_client import base64url
from tests.cli.phone.test_commands import command, enrolled  # noqa: F401  fixtures
from tests.client.paper_service import ACCOUNT_ID, NOW

if TYPE_CHECKING:
    from tests.cli.phone.test_commands import Command
    from tests.client.paper_service import Service

FROZEN = {"approvals": [], "frozen": {"frozen_at": NOW, "may_open": True}}


def test_a_freeze_is_asked_once_and_signed_by_no_finger(enrolled: Command, service: Service) -> None:  # noqa: F811  the fixture
    service.on("POST /v1/account/freeze", httpx.Response(204))
    assert "Nichts wurde gesperrt" in enrolled("freeze", typed="n\n").stderr
    told = enrolled("freeze", typed="j\n")
    assert "Der Zugang 100200300 ist gesperrt." in told.output
    assert (service.asked[-1].url.path, service.asked[-1].content) == ("/v1/account/freeze", b"")


def test_an_opening_signs_which_freeze_is_to_end(enrolled: Command, service: Service) -> None:  # noqa: F811  the fixture
    service.on("GET /v1/approvals", FROZEN)
    service.on("POST /v1/account/open", httpx.Response(204))
    assert "bleibt gesperrt" in enrolled("open", typed="n\n").stderr
    assert "wieder geöffnet" in enrolled("open", typed="j\n").output
    body = json.loads(service.asked[-1].content)
    said = json.loads(base64url.decode(body["statement"]))
    assert (said["purpose"], said["account_id"], said["frozen_at"]) == ("smartident-open-account", ACCOUNT_ID, NOW)
    assert body["evidence"]["type"] == "jws"


def test_an_open_account_needs_no_opening(enrolled: Command, service: Service) -> None:  # noqa: F811  the fixture
    service.on("GET /v1/approvals", {"approvals": []})
    assert "ist nicht gesperrt" in enrolled("open").stderr
