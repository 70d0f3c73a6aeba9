"""A simulated phone with an empty keystore, and the service of paper that it speaks with."""

from pathlib import Path

import pytest

from smartident_client.keystore import KeyStore
from tests.client.paper_service import Service, paper_service


@pytest.fixture
def service() -> Service:
    return paper_service()


@pytest.fixture
def keystore(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "pocket" / "phone.json")
