"""`smartident doctor` on push messages: whether phones are woken, and what Apple wants to know."""

from __future__ import annotations

import pytest

from tests.cli.operator import Operator
from tests.support.world import World

POINTS = ("geweckt", "PushHosts", "Push-Dienste", "Apple")
ADDRESSES = {"WEBSOCKET_URL": "ws://127.0.0.1:9/", "API_URL": "http://127.0.0.1:9"}


@pytest.mark.parametrize(
    ("settings", "verdicts"),
    [
        ({"PUSH_HOSTS": "fcm.googleapis.com", "PUBLIC_URL": "https://id.example"}, ["gut", "gut"]),
        ({"PUSH_HOSTS": "fcm.googleapis.com", "PUBLIC_URL": ""}, ["gut", "fraglich"]),
        ({"PUSH_HOSTS": ""}, ["fraglich"]),
    ],
    ids=["ready", "no contact", "switched off"],
)
def test_the_doctor_says_whether_phones_are_woken(
    operator: Operator, world: World, settings: dict[str, str], verdicts: list[str]
) -> None:
    for operation in ("GetSMSSandboxAccountStatus", "GetAccountSettings"):
        world.aws.fails(operation, "AccessDenied")
    told = operator("doctor", **ADDRESSES, **settings).output.splitlines()
    assert [line.split()[0] for line in told if any(one in line for one in POINTS)] == verdicts
