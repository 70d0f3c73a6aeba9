"""Functions called by Lambda's own API, for what the stand-in's APIs do not hand on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from labs.rehearsal.deployment import LIVE
from smartident_cli.story.play import expect
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from labs.rehearsal.deployment import Deployment

BAD_REQUEST = 400


def invoke(deployment: Deployment, api: str, name: str, **changed: Any) -> dict[str, Any]:
    """What a route's function answers to its event of `events/`, changed; raises Differs for a refusal."""
    event = json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))
    event |= changed
    route = str(event.get("routeKey") or event["requestContext"]["routeKey"])
    asked = {"FunctionName": deployment.resources[deployment.routes(api)[route]], "Qualifier": LIVE}
    client = deployment.stand_in.client("lambda")
    answer: dict[str, Any] = json.load(client.invoke(**asked, Payload=json.dumps(event).encode())["Payload"]) or {}
    status = int(answer.get("statusCode", 0))
    expect(status < BAD_REQUEST, f"{route} answers {status} {answer.get('body')}")
    return answer


def ask_by_cookie(deployment: Deployment, name: str, cookie: str, **changed: Any) -> dict[str, Any]:
    """A page's request with its cookie, which the stand-in's HTTP API hands to nobody."""
    return invoke(deployment, "HttpApi", name, cookies=[cookie], **changed)
