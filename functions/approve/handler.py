"""GET /v1/approvals and POST /v1/approvals/{login_id}: steps 7 and 8 of the story (docs/flow.md)."""

from __future__ import annotations

from approve.step import Decision, decide_login, list_approvals
from smartident.http.api import api, entry, now, phone_request, read, request_origin
from smartident.notify.browser import SocketPush

app = api()


@app.get("/v1/approvals")
def pending() -> dict[str, object]:
    """List what waits for this phone."""
    return list_approvals(request=phone_request(app), here=request_origin(app), now=now())


@app.post("/v1/approvals/<login_id>")
def decide(login_id: str) -> dict[str, object]:
    """Take the decision over one login or new device."""
    ask: Decision = read(Decision, app)  # type: ignore[arg-type]  # a union is no type to mypy
    status = decide_login(
        login_id, ask, request=phone_request(app), here=request_origin(app), push=SocketPush(), now=now()
    )
    return {"status": status}


handler = entry(app)
