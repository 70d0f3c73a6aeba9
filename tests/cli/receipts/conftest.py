"""The verifier's own clock, which stands where the world's does."""

from __future__ import annotations

import pytest

from tests.support.world import NOW


class VerifiersClock:
    """What time it is at the verifier's."""

    def __init__(self) -> None:
        self.now = NOW + 86_400

    def __call__(self) -> int:
        return self.now


@pytest.fixture(autouse=True)
def verifiers_clock(monkeypatch: pytest.MonkeyPatch) -> VerifiersClock:
    clock = VerifiersClock()
    monkeypatch.setattr("smartident_cli.receipts.command.time", clock)
    return clock
