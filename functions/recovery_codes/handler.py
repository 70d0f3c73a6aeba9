"""/v1/recovery-codes: what a phone does in time for its own loss (docs/flow.md)."""

from __future__ import annotations

from recovery_codes.step import NewRecoveryCodes, TypedBack, confirm, make, show
from smartident.errors import RecoveryCodesExpired
from smartident.http.api import api, entry, now, phone_request, read, request_origin

app = api(missing=RecoveryCodesExpired)


@app.get("/v1/recovery-codes")
def left() -> dict[str, object]:
    """Say how many codes are left."""
    return show(request=phone_request(app), now=now())


@app.post("/v1/recovery-codes")
def new() -> tuple[dict[str, object], int]:
    """Make codes."""
    return make(read(NewRecoveryCodes, app), request=phone_request(app), now=now()), 201


@app.post("/v1/recovery-codes/<set_id>/confirm")
def typed_back(set_id: str) -> dict[str, object]:
    """Let the new codes count."""
    ask, origin = read(TypedBack, app), request_origin(app).where
    return confirm(set_id, ask, request=phone_request(app), origin=origin, now=now())


handler = entry(app)
