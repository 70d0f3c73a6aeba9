"""The servers of clients on paper, and the outbox of logouts that the table's stream would bring."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from smartident.outbound.post import Answer
from smartident_client import base64url
from tests.support.oidc_flow import claims_of
from tests.support.stored_items import items

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class PaperPost:
    """The clients' servers on paper: what they heard, and what each answers."""

    heard: list[tuple[str, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, int | Exception] = field(default_factory=dict)

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Write it down, and answer."""
        assert headers["Content-Type"] == "application/x-www-form-urlencoded"
        ((name, (token,)),) = parse_qs(body.decode()).items()
        assert name == "logout_token"
        self.heard.append((url, json.loads(base64url.decode(token.split(".")[0])), claims_of(token)))
        answer = self.answers.get(url, 200)
        if isinstance(answer, Exception):
            raise answer
        return Answer(answer, None)


def logouts() -> list[tuple[str, str]]:
    """The keys of all that clients are to hear, or heard, oldest first."""
    keys = [(one["pk"]["S"], one["sk"]["S"]) for one in items() if one["kind"]["S"] == "logout"]
    return sorted(keys, key=lambda key: key[1], reverse=True)
