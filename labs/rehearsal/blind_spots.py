"""What no stand-in shows: the one list. The rehearsal prints it at its end; `make smoke` asks AWS exactly for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BlindSpot:
    """One thing that only AWS can show, as a sentence that is true where all is well."""

    id: str
    sentence: str


BLIND_SPOTS = (
    BlindSpot("sms_handed_on", "SNS sends the SMS by the function's role, and the SMS arrives."),
    BlindSpot("person_told", "Lambda reads stream and queues by the functions' roles, and the person is told."),
    BlindSpot("signing_algorithm", "KMS signs for the function's role, which allows the one algorithm alone."),
    BlindSpot(
        "fine_grained_rights", "IAM reads the conditions on the table's partitions and attributes as they are meant."
    ),
    BlindSpot("logs_arrive", "API Gateway writes its access log, and the functions write theirs."),
    BlindSpot("subprotocol", "API Gateway answers a WebSocket with the subprotocol that the function chose."),
    BlindSpot("route_response", "API Gateway sends the function's answer back over the WebSocket that asked."),
    BlindSpot("socket_through_front", "CloudFront passes the WebSocket on."),
    BlindSpot(
        "viewer_headers", "CloudFront says from which address and country a request comes, and the phone shows both."
    ),
    BlindSpot("kept_by_nobody", "CloudFront hands nobody the answer that somebody else got."),
    BlindSpot("direct_calls", "API Gateway's own hosts refuse calls past CloudFront, by HTTP and by WebSocket."),
    BlindSpot("cors_on_429", "A page can read that API Gateway turned its request away (CORS on a 429)."),
    BlindSpot("ipv6", "Pages, API and WebSocket answer over IPv6."),
    BlindSpot("canary_goes_back", "A deployment whose new versions die goes back by itself."),
)
