"""One phone with an empty memory, and the service of paper that it speaks with."""

from pathlib import Path

import httpx
import pytest

from console.memory import Memory
from console.phone import Phone
from tests.console.operator import Operator
from tests.console.paper_service import ACCOUNT_ID, LOGIN_ID, NOW, REGISTRATION, URL, Service, approval
from tests.support.world import World


@pytest.fixture
def service() -> Service:
    service = Service()
    service.on("POST /v1/keys", httpx.Response(202, json=REGISTRATION))
    verified = {"account_id": ACCOUNT_ID, "access_number": "100200300", "device_id": "d", "display_name": "Erika M."}
    service.on(f"POST /v1/keys/{ACCOUNT_ID}.r1/verify", httpx.Response(201, json=verified))
    service.on("GET /v1/approvals", {"approvals": [approval()]})
    service.on(f"POST /v1/approvals/{LOGIN_ID}", {"status": "approved"})
    return service


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "pocket" / "phone.json")


@pytest.fixture
def phone(service: Service, memory: Memory) -> Phone:
    return Phone(URL, memory, clock=lambda: NOW, transport=httpx.MockTransport(service))


@pytest.fixture
def operator(world: World) -> Operator:
    return Operator()
