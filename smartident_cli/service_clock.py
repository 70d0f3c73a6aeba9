"""The service's clock. An operator's command decides by it and never by the clock of the operator's machine."""

from email.utils import parsedate_to_datetime

from smartident.aws import client
from smartident.settings import settings

# No item has this key: the answer is small, and all that is wanted is its header.
NO_ITEM = {"pk": {"S": "CLOCK"}, "sk": {"S": "CLOCK"}}


class NoServiceTime(Exception):  # noqa: N818  what is missing is named
    """An answer of the table says no time."""


class ServiceClock:
    """Tells the time of the deployment: the Date header of an answer of its table (RFC 9110 6.6.1)."""

    def now(self) -> int:
        """Ask the table for the time, in epoch seconds; raises NoServiceTime and what AWS answers."""
        answer = client("dynamodb").get_item(TableName=settings().table_name, Key=NO_ITEM, ProjectionExpression="pk")
        try:
            told = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        except (KeyError, ValueError):
            raise NoServiceTime from None
        return int(told.timestamp())
