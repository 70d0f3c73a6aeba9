"""OpenID Connect, last part: a client, or the person, ends the session (RP-Initiated Logout 1.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from smartident.clients.client_cache import find_client
from smartident.crypto.pepper import constant_time_equals, mac
from smartident.oidc.id_token_hint import Hint, read_hint
from smartident.sessions.session import counts, signed_in
from smartident.sessions.transitions import end_at_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.sessions.session import Session

# What the person's answer carries on.
CARRIED = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")


class Ended(NamedTuple):
    """The browser is signed in no more; where it goes, if its client may say so."""

    location: str | None


class Question(NamedTuple):
    """The person is asked first; what the answer has to hold."""

    fields: dict[str, str]


def end_session(parameters: Mapping[str, str], cookie: str, *, issuer: str, now: int) -> Ended | Question:
    """End the browser's session, at once for a client that shows an id_token of it, otherwise after a question.

    No other site can have a person signed out by a link: it has no such id_token, and the answer to the question
    is tied to the session.
    """
    hint = read_hint(parameters["id_token_hint"], issuer=issuer) if "id_token_hint" in parameters else None
    session = signed_in(cookie)
    if session is not None and counts(session):
        answer = _answer(session)
        is_asked_by_client = hint is not None and hint.sid == session.id
        if not is_asked_by_client and not constant_time_equals(parameters.get("confirm", ""), answer):
            carried = {name: parameters[name] for name in CARRIED if name in parameters}
            return Question({**carried, "confirm": answer})
        end_at_once(session, cookie, now=now)
    return Ended(_location(parameters, hint, now=now))


def _answer(session: Session) -> str:
    return mac("oidc-logout", session.id, session.secret_hash)


def _location(parameters: Mapping[str, str], hint: Hint | None, *, now: int) -> str | None:
    """Where the client sends the browser: a URI of its own, letter by letter, by an id_token that it got."""
    uri = parameters.get("post_logout_redirect_uri")
    client = find_client(hint.client_id, now=now) if hint is not None else None
    if uri is None or client is None or uri not in client.post_logout_redirect_uris:
        return None
    if parameters.get("client_id", client.id) != client.id:
        return None
    state = parameters.get("state")
    return uri if state is None else f"{uri}{'&' if '?' in uri else '?'}{urlencode({'state': state})}"
