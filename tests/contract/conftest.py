"""One laptop stack for the contract tests, and the people who knock at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident_laptop.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

# The shortest answers, and limits that a thousand odd requests do not reach.
QUICK = {
    "FailedAnswerMs": "200",
    "PasswordTries": "1000",
    "FailuresPerHour": "10000",
    "AddressFailures": "10000",
    "UnansweredLogins": "100",
    "PendingLogins": "10",
    "AddressBlock": "0",
    "SmsPerAccountDay": "1000",
    "SmsPerPhoneDay": "1000",
    "SmsPerPrefixDay": "1000",
    "DevicesPerAccount": "1000",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    log = tmp_path_factory.mktemp("stack") / "functions.log"
    with log.open("w") as lines, Stack(parameters=QUICK, log=lines) as running:
        yield running
