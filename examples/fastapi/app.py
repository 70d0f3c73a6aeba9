"""A back end that begins a session with smartIDENT's id_token: FastAPI and PyJWT (docs/integrate.md).

SMARTIDENT_URL=http://localhost:8080 CLIENT_ID=app ORIGIN=http://localhost:5173 uvicorn app:app
ACR_VALUES says what is enough for a session, by the names in docs/integrate.md; as it comes a phone or a passkey.
"""

import os
import secrets
import time
from typing import Annotated, Any
from urllib.parse import urlsplit

import jwt
from fastapi import Cookie, Depends, FastAPI, Header, HTTPException, Response
from pydantic import BaseModel

ISSUER = os.environ["SMARTIDENT_URL"]
CLIENT_ID = os.environ["CLIENT_ID"]
ORIGIN = os.environ["ORIGIN"]
BY_PHONE, BY_PASSKEY = "urn:smartident:acr:approved-by-phone", "urn:smartident:acr:phishing-resistant"
ACR_VALUES = os.environ.get("ACR_VALUES", f"{BY_PHONE} {BY_PASSKEY}").split()
CLAIMS = ["iss", "sub", "aud", "iat", "exp", "jti", "nonce", "acr"]
LEEWAY, LOOK_AGAIN_AFTER = 60, 10
# A cookie with this prefix is of this host alone; browsers take it over TLS only.
PREFIX = "__Host-" if urlsplit(ORIGIN).scheme == "https" else ""
NONCE, SESSION = f"{PREFIX}nonce", f"{PREFIX}session"
COOKIE: dict[str, Any] = {"httponly": True, "samesite": "lax", "secure": bool(PREFIX), "path": "/"}

app = FastAPI()
jwks = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json", lifespan=300, timeout=5)
# In a real back end: tables that all instances share. `used` is unique by jti, and forgets what has expired.
used: dict[str, tuple[int]] = {}
sessions: dict[str, str] = {}
looked = {"at": -LOOK_AGAIN_AFTER}


class IdToken(BaseModel):
    """What the page got from `login.completed`."""

    id_token: str


def own_page(origin: Annotated[str, Header()] = "") -> None:
    """Refuse requests of other pages: else a stranger's page logs its visitors in as the stranger."""
    if origin != ORIGIN:
        raise HTTPException(403)


def key_of(id_token: str) -> jwt.PyJWK:
    """The key that the token names. One that is not known yet is looked for, but not by every forged token."""
    kid = jwt.get_unverified_header(id_token).get("kid")
    keys = {key.key_id: key for key in jwks.get_signing_keys()}
    if kid not in keys and time.monotonic() - looked["at"] > LOOK_AGAIN_AFTER:
        looked["at"] = time.monotonic()
        keys = {key.key_id: key for key in jwks.get_signing_keys(refresh=True)}
    if kid not in keys:
        raise jwt.InvalidKeyError("unknown kid")
    return keys[kid]


def verified(id_token: str, nonce: str) -> dict[str, Any]:
    """The claims of a token that was made for this client and browser just now, and is used for the first time."""
    claims: dict[str, Any] = jwt.decode(
        id_token,
        key_of(id_token),
        algorithms=["ES256"],
        issuer=ISSUER,
        audience=CLIENT_ID,
        leeway=LEEWAY,
        options={"require": CLAIMS},
    )
    if not nonce or not secrets.compare_digest(str(claims["nonce"]), nonce):
        raise jwt.InvalidTokenError("made for another browser")
    if claims["acr"] not in ACR_VALUES:
        raise jwt.InvalidTokenError("not enough for a session")
    use_once(claims["jti"], until=claims["exp"] + LEEWAY)
    return claims


def use_once(jti: str, *, until: int) -> None:
    """Remember the token for as long as it is valid; raise if it was used before. One write, not a look and a write."""
    for other in [other for other, (over,) in used.items() if over < time.time()]:
        used.pop(other, None)
    entry = (until,)
    if used.setdefault(jti, entry) is not entry:
        raise jwt.InvalidTokenError("used before")


@app.post("/nonce", dependencies=[Depends(own_page)])
def new_nonce(response: Response) -> dict[str, str]:
    """Before `service.login(…, { nonce })`: what ties the token to this browser."""
    nonce = secrets.token_urlsafe(32)
    response.set_cookie(NONCE, nonce, max_age=600, **COOKIE)
    return {"nonce": nonce}


@app.post("/session", status_code=204, dependencies=[Depends(own_page)])
def begin(body: IdToken, response: Response, nonce: Annotated[str, Cookie(alias=NONCE)] = "") -> None:
    """Begin a session, once for each token. It gets a new id: nobody can have planted it."""
    try:
        claims = verified(body.id_token, nonce)
    except jwt.PyJWKClientConnectionError:
        raise HTTPException(503) from None
    except jwt.PyJWTError:
        raise HTTPException(401) from None
    session = secrets.token_urlsafe(32)
    # `external_id` is your own name for the person, where the operator has set one.
    sessions[session] = claims.get("external_id", claims["sub"])
    response.delete_cookie(NONCE, **COOKIE)
    response.set_cookie(SESSION, session, **COOKIE)


@app.get("/me")
def me(session: Annotated[str, Cookie(alias=SESSION)] = "") -> dict[str, str]:
    """Who is signed in."""
    if session not in sessions:
        raise HTTPException(401)
    return {"user": sessions[session]}


@app.delete("/session", status_code=204, dependencies=[Depends(own_page)])
def end(response: Response, session: Annotated[str, Cookie(alias=SESSION)] = "") -> None:
    """Sign out: the session ends here, not only in the browser."""
    sessions.pop(session, None)
    response.delete_cookie(SESSION, **COOKIE)
