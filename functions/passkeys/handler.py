"""/v1/passkeys: a login with a passkey, and what a browser does about passkeys after a login (docs/flow.md)."""

from __future__ import annotations

from passkeys.step import Assertion, Choice, NewPasskey, begin, choose_policy, list_passkeys, log_in, make, remove
from smartident.http.answers import no_content
from smartident.http.api import api, entry, login_token, now, read, request_origin

app = api()


@app.post("/v1/passkeys/options")
def options() -> dict[str, object]:
    """Give the browser what it asks a passkey with."""
    return begin(now=now())


@app.post("/v1/passkeys/login")
def login() -> tuple[dict[str, object], int]:
    """Log in with what the passkey signed."""
    return log_in(read(Assertion, app), request_origin=request_origin(app), now=now()), 201


@app.get("/v1/passkeys")
def passkeys() -> dict[str, object]:
    """List the passkeys, with what the browser needs for one more."""
    return list_passkeys(login_token(app), now=now())


@app.post("/v1/passkeys")
def add() -> tuple[dict[str, object], int]:
    """Make a passkey."""
    return make(read(NewPasskey, app), bearer=login_token(app), request_origin=request_origin(app), now=now()), 201


@app.patch("/v1/passkeys")
def login_policy() -> dict[str, object]:
    """Change what the account may be logged in with."""
    return choose_policy(read(Choice, app), bearer=login_token(app), where=request_origin(app).where, now=now())


@app.delete("/v1/passkeys/<passkey_id>")
def delete(passkey_id: str) -> object:
    """Remove a passkey."""
    remove(passkey_id, bearer=login_token(app), where=request_origin(app).where, now=now())
    return no_content()


handler = entry(app)
