"""The last step of the story: an approved login becomes a session, once."""

from __future__ import annotations

from smartident.clients.client_cache import find_client
from smartident.clients.login_policy import allows
from smartident.errors import LoginNotFound
from smartident.logins.transitions import complete_login
from smartident.logins.uniform_login import login_flow
from smartident.tokens.id_token import claims_of, sign
from smartident.tokens.trust_token import earned_token


def finish_login(login_id: str, login_token: str, *, issuer: str, now: int) -> dict[str, object]:
    """The session of an approved login; a repeat within thirty seconds gives the same one.

    The write comes first and the signature after it: when KMS fails, asking again finds the login completed and signs.
    """
    login_flow().check_visible(login_id, now=now)
    login, account = complete_login(login_id, login_token, now=now)
    login_flow().after_completion(login, now=now)
    client = find_client(login.client, now=now)
    if client is None or client.uses_oauth:
        # A client of OpenID Connect gets a code, and no second session of the same approval.
        raise LoginNotFound("client removed, or not answered here")
    if not allows(client.asks(None).login_policy, login.amr):
        raise LoginNotFound("the client asks for another way to log in by now")
    completed_at = login.completed_at or now
    claims = claims_of(
        issuer=issuer,
        account_id=login.account_id,
        login_id=login.id,
        client_id=login.client,
        nonce=login.nonce,
        external_id=account.known_as.get(login.client),
        amr=login.amr,
        decided_at=login.decided_at or login.created_at,
        now=completed_at,
    )
    session = {
        "id_token": sign(claims),
        "token_type": "Bearer",
        "expires_at": claims["exp"],
        "redirect_to": client.redirect_to,
    }
    # The password alone earns no trust: only a phone says that the browser is the owner's.
    return session if login.decided_by is None else {**session, "trusted_browser": earned_token(login)}
