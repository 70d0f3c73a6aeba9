"""The code flow of OpenID Connect by plain HTTP, as an application and a browser with a live session play it."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx

from smartident_laptop.demo.accounts import DEMO_CLIENT, DEMO_REDIRECT_URIS, DEMO_SECRET, JONAS

if TYPE_CHECKING:
    from collections.abc import Mapping

REDIRECT_URI = DEMO_REDIRECT_URIS[0]
MOST_REDIRECTS = 10


class FlowFailed(Exception):  # noqa: N818  a word of the domain
    """A provider answered otherwise than the code flow wants."""


@dataclass(frozen=True)
class Granted:
    """A code, and what its application kept to redeem it."""

    code: str
    verifier: str


@dataclass
class CodeFlow:
    """An application (client_secret_basic, PKCE S256) and one browser at a provider."""

    url: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.metadata = _answer(self.http.get(f"{self.url}/.well-known/openid-configuration")).json()
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def link(self, verifier: str, state: str) -> str:
        """Where the application sends the browser."""
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": DEMO_CLIENT,
            "redirect_uri": REDIRECT_URI,
            "scope": "openid profile",
            "state": state,
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.metadata['authorization_endpoint']}?{urlencode(asked)}"

    def authorize(self) -> Granted:
        """One authorization, which the session answers at once; raises FlowFailed if the provider asks anybody."""
        verifier, state = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
        answer = self.http.get(self.link(verifier, state))
        return Granted(code_of(answer.headers.get("location", ""), state), verifier)

    def token(self, granted: Granted) -> str:
        """One token request; the access token."""
        told = {
            "grant_type": "authorization_code",
            "code": granted.code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": granted.verifier,
        }
        answer = _answer(
            self.http.post(self.metadata["token_endpoint"], data=told, auth=(DEMO_CLIENT, DEMO_SECRET))
        ).json()
        if not {"access_token", "id_token"} <= answer.keys():
            raise FlowFailed("the token endpoint sent no tokens")
        return str(answer["access_token"])

    def userinfo(self, access_token: str) -> str:
        """One question to userinfo; the subject."""
        bearer = {"Authorization": f"Bearer {access_token}"}
        return str(_answer(self.http.get(self.metadata["userinfo_endpoint"], headers=bearer)).json()["sub"])


def code_of(location: str, state: str) -> str:
    """The code that a browser brings back; raises FlowFailed if it is sent elsewhere or for another request."""
    names = parse_qs(urlsplit(location).query)
    if not location.startswith(f"{REDIRECT_URI}?") or names.get("state") != [state] or "code" not in names:
        raise FlowFailed(f"no code: the browser was sent to {location.partition('?')[0] or 'nowhere'}")
    return names["code"][0]


def log_in_at_smartident(flow: CodeFlow) -> None:
    """Begin a session at smartIDENT, as somebody whose password is enough."""
    answer = flow.http.get(flow.link(secrets.token_urlsafe(32), "first"))
    interaction = answer.headers["location"].partition("#interaction=")[2]
    ask = {"identifier": JONAS.number, "password": JONAS.password, "client_id": DEMO_CLIENT}
    login = _answer(flow.http.post(f"{flow.url}/v1/logins", json=ask, headers={"Origin": flow.url})).json()
    told = {"interaction": interaction, "login_id": login["login_id"]}
    headers = {"Origin": flow.url, "Authorization": f"Bearer {login['login_token']}"}
    ended = _answer(flow.http.post(f"{flow.url}/oauth2/interaction", json=told, headers=headers)).json()
    code_of(ended["redirect_to"], "first")


def log_in_at_oidc_provider(flow: CodeFlow) -> None:
    """Begin a session at oidc-provider by its own development pages, and consent once."""
    answer = flow.http.get(flow.link(secrets.token_urlsafe(32), "first"))
    for _ in range(MOST_REDIRECTS):
        place = urljoin(str(answer.url), answer.headers.get("location", ""))
        if place.startswith(REDIRECT_URI):
            code_of(place, "first")
            return
        if answer.is_redirect:
            answer = flow.http.get(place)
            continue
        prompt = re.search(r'name="prompt" value="(login|consent)"', _answer(answer).text)
        if prompt is None:
            break
        told = {"prompt": prompt[1], "login": JONAS.number, "password": "any"}
        answer = flow.http.post(str(answer.url), data=told)
    raise FlowFailed("oidc-provider began no session")


def _answer(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise FlowFailed(f"{answer.request.url.path}: {answer.status_code} {answer.text[:200]}")
    return answer
