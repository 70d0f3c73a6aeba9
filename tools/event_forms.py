"""What programs and browsers send to the endpoints of OpenID Connect, for the events."""

from __future__ import annotations

ASKED = (
    "client_id=demo&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&response_type=code&scope=openid&state=af0ifjsldkj"
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
)
SEALED, STATE = "interaction=e30.AA", "state=af0ifjsldkj"
QUERIES = {"GET /oauth2/authorize": ASKED, "GET /oauth2/interaction": SEALED, "GET /oauth2/logout": STATE}


def forms(login_id: str, token: str) -> dict[str, str]:
    """The form of each route that takes one."""
    return {
        "POST /oauth2/authorize": ASKED,
        "POST /oauth2/token": f"grant_type=authorization_code&client_id=demo&code={login_id}.{token}"
        "&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "POST /oauth2/par": ASKED,
        "POST /oauth2/bc-authorize": "client_id=demo&client_secret=demo&scope=openid&login_hint=K-42",
        "POST /oauth2/enrolment-codes": "client_id=demo&client_secret=demo&login_hint=K-42",
        "POST /oauth2/revoke": f"client_id=demo&token={login_id}.{token}",
        "POST /oauth2/userinfo": "",
        "POST /oauth2/logout": STATE,
    }
