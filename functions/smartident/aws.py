"""The AWS clients, created on first use, with timeouts below the function's own ten seconds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.session import Session

CONNECT_SECONDS = 1
READ_SECONDS = 2
ATTEMPTS = 2
USER_AGENT = "smartident"


@cache
def _session() -> Session:
    from botocore.session import Session as BotocoreSession  # noqa: PLC0415  a function without AWS calls never needs it

    return BotocoreSession()


@cache
def client(service: str, endpoint_url: str | None = None, attempts: int = ATTEMPTS) -> Any:
    """The one client of a service in this container. `attempts` is 1 if a repeat would cost money."""
    from botocore.config import Config  # noqa: PLC0415  see _session

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        # At every call botocore would check our arguments and compose a long user agent: a sixth of the call's work.
        parameter_validation=False,
        user_agent=USER_AGENT,
    )
    return _session().create_client(service, endpoint_url=endpoint_url, config=config)


def error_code(error: BaseException) -> str | None:
    """The code by which an AWS service refused a call, pynamodb's too; None for a call that got no answer."""
    # A read timeout of botocore has a response too: None.
    response = getattr(getattr(error, "cause", None) or error, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code
