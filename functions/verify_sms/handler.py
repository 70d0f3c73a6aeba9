"""POST /v1/keys/{registration_id}/verify: step 4 of the story (docs/flow.md)."""

from __future__ import annotations

from smartident.errors import RegistrationNotFound
from smartident.http.api import api, entry, now, phone_request, read, request_origin
from verify_sms.step import Confirmation, finish_registration, to_response

app = api(missing=RegistrationNotFound)


@app.post("/v1/keys/<registration_id>/verify")
def finish(registration_id: str) -> tuple[dict[str, object], int]:
    """Turn the confirmed key into a device."""
    ask = read(Confirmation, app)
    account, device = finish_registration(
        registration_id, ask, request=phone_request(app), request_origin=request_origin(app), now=now()
    )
    return to_response(account, device), 201


handler = entry(app)
