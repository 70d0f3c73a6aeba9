"""One phone with an empty keystore, and the service of paper that it speaks with."""

from pathlib import Path

import httpx
import pytest

from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from tests.client.paper_service import NOW, URL, Service, paper_service


@pytest.fixture
def service() -> Service:
    return paper_service()


@pytest.fixture
def keystore(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "pocket" / "phone.json")


@pytest.fixture
def phone(service: Service, keystore: KeyStore) -> Phone:
    return Phone(URL, keystore, clock=lambda: NOW, transport=httpx.MockTransport(service))
