"""POST /v1/keys and its resend: step 3 of the story (docs/flow.md)."""

from __future__ import annotations

from register_key.step import NewKey, answers_at_fixed_time, resend_code, start_registration, to_response
from smartident.errors import RegistrationNotFound
from smartident.http.answers import answered_at_fixed_time
from smartident.http.api import api, entry, now, phone_request, read, request_origin
from smartident.notify.sms import SnsSms

app = api(missing=RegistrationNotFound)


@app.post("/v1/keys")
def start() -> tuple[dict[str, object], int]:
    """Register a key, unconfirmed."""
    ask = read(NewKey, app)
    request = phone_request(app)
    with answered_at_fixed_time(when=answers_at_fixed_time):
        registration = start_registration(
            ask, request=request, request_origin=request_origin(app), sms=SnsSms(), now=now()
        )
    return to_response(registration), 202


@app.post("/v1/keys/<registration_id>/resend")
def resend(registration_id: str) -> tuple[dict[str, object], int]:
    """Send a new code."""
    registration = resend_code(
        registration_id, request=phone_request(app), language=request_origin(app).language, sms=SnsSms(), now=now()
    )
    return to_response(registration), 202


handler = entry(app)
