"""POST /oauth2/enrolment-codes: a client lets in the first phone of an account of its own (docs/flow.md)."""

from __future__ import annotations

from enrolment_codes.step import issue_code
from smartident.http.answers import answered_at_fixed_time
from smartident.http.api import base_url, entry, now
from smartident.oauth_http.endpoint import authorization, client_api, form

app = client_api()


@app.post("/oauth2/enrolment-codes")
def enrolment_codes() -> dict[str, object]:
    """Let in the first phone of an account."""
    # Known and unknown people are looked up by different reads.
    with answered_at_fixed_time(when=lambda _: True):
        return issue_code(authorization(app), form(app), issuer=base_url(app), now=now())


handler = entry(app)
