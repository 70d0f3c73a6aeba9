"""Sabotage: the n-th AWS call of a request fails, or the function dies before or after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, ReadTimeoutError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends
from pynamodb.exceptions import PynamoDBException

from smartident.errors import Refusal
from smartident.http.problems import refusal_of
from smartident.notify.browser import SocketPush
from smartident.notify.sms import SnsSms
from smartident.oauth.oauth_errors import OAuthError
from tests.support.world import PaperPush, PaperSms

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://aws.example.test"


class Killed(BaseException):
    """The function ends here: nothing of ours catches it."""


@dataclass
class Sabotage:
    """What happens to the n-th call: `killed before`, `killed after`, `no answer`, `lost answer`, or an error code."""

    at: int
    how: str
    only: tuple[str, ...] = ()
    seen: int = -1
    struck: str = ""

    def before(self, operation: str) -> str | None:
        """Count the call, and stop it if it is the one."""
        self.seen += operation in self.only if self.only else 1
        if self.only and operation not in self.only:
            return None
        if self.seen != self.at:
            return None
        self.struck = operation
        if self.how == "killed before":
            raise Killed
        if self.how == "no answer":
            raise EndpointConnectionError(endpoint_url=URL)
        return None if self.how in {"killed after", "lost answer"} else self.how

    def after(self, operation: str) -> None:
        """Let nobody hear of the call if it is the one."""
        if self.seen == self.at and self.how == "killed after":
            raise Killed
        if self.seen == self.at and self.how == "lost answer":
            raise ReadTimeoutError(endpoint_url=URL)


@dataclass
class RealSms(PaperSms):
    """SMS by the real port; what moto's SNS took is what was sent."""

    def send(self, phone: str, text: str) -> None:
        """Send it through SNS."""
        try:
            SnsSms().send(phone, text)
        finally:
            taken = sns_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sms_messages
            self.sent = [(to, said) for to, said in taken.values()]


class RealPush(PaperPush):
    """Hints by the real port."""

    def send(self, connection_id: str | None, hint: dict[str, str]) -> bool:
        """Post it to the connection."""
        return SocketPush().send(connection_id, hint)


@dataclass
class Play:
    """A request that can be sent twice, and what must hold once it was answered."""

    act: Callable[[], Any]
    holds: Callable[[Any], None]

    def answer(self) -> Any:
        """What the caller hears: an answer, or the code of a refusal."""
        try:
            return self.act()
        except Refusal as refusal:
            return refusal.code
        except OAuthError as error:
            return error.error
        except (PynamoDBException, BotoCoreError, ClientError) as error:
            return refusal_of(error, "a request").code
