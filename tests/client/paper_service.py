"""A service of paper: answers what the test says, and remembers what it was asked."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from smartident_client import base64url

URL = "https://api.example"
NOW = 1_800_000_000
ACCOUNT_ID = "a1"
LOGIN_ID = f"{ACCOUNT_ID}.l1"
STATEMENT = {
    "v": 2,
    "purpose": "smartident-login",
    "login_id": LOGIN_ID,
    "client": "financeapp",
    "origin": "https://financeapp.example",
    "access_number": "100200300",
    "ip": "192.0.2.7",
    "place": None,
    "browser": "Firefox",
    "os": "Linux",
    "requested_at": NOW - 20,
    "expires_at": NOW + 160,
    "audit_log": f"1.20833.{'h' * 43}",
    "nonce": "n",
}
REGISTRATION = {
    "registration_id": f"{ACCOUNT_ID}.r1",
    "challenge": base64url.encode(b"challenge"),
    "phone_hint": "•••• 4711",
    "expires_at": NOW + 300,
    "resend_at": NOW + 30,
    "webauthn": {
        "rp": {"id": "app.example", "name": "smartIDENT"},
        "challenge": base64url.encode(b"challenge"),
    },
}


def approval(**stated: object) -> dict[str, Any]:
    statement = base64url.encode(json.dumps({**STATEMENT, **stated}).encode())
    return {
        "login_id": LOGIN_ID,
        "statement": statement,
        "expires_at": NOW + 160,
        "transfer_code_digits": 6,
    }


def problem(status: int, code: str, **extras: object) -> httpx.Response:
    body = {"type": "about:blank", "title": f"Titel von {code}", "status": status, "code": code, "request_id": "1"}
    return httpx.Response(status, json={**body, **extras})


@dataclass
class Service:
    """Answers by method and path; a list is answered one by one, its last again and again."""

    asked: list[httpx.Request] = field(default_factory=list)
    answers: dict[str, list[httpx.Response]] = field(default_factory=dict)

    def on(self, route: str, *answers: httpx.Response | object) -> None:
        self.answers[route] = [
            answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer) for answer in answers
        ]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answers = self.answers[f"{request.method} {request.url.path}"]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    @property
    def proofs(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [read_jws(request.headers["DPoP"]) for request in self.asked]


def read_jws(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, claims, _ = (base64url.decode(part) for part in token.split("."))
    return json.loads(header), json.loads(claims)


def paper_service() -> Service:
    """A service at which one phone may register, and one login waits for it."""
    service = Service()
    service.on("POST /v1/keys", httpx.Response(202, json=REGISTRATION))
    verified = {"account_id": ACCOUNT_ID, "access_number": "100200300", "device_id": "d", "display_name": "Erika M."}
    service.on(f"POST /v1/keys/{ACCOUNT_ID}.r1/verify", httpx.Response(201, json=verified))
    service.on("GET /v1/approvals", {"approvals": [approval()]})
    service.on(f"POST /v1/approvals/{LOGIN_ID}", {"status": "approved"})
    return service
