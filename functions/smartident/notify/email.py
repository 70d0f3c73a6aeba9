"""The e-mail, as a port: tests must read it. Amazon SES sends it, as the message is, without any tracking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from smartident.aws import client
from smartident.settings import notice_settings
from smartident.telemetry import log_if_denied

if TYPE_CHECKING:
    from email.message import EmailMessage

# SES will never take this message to this address. Whatever else it says, it may take it later.
_FINAL = {"BadRequestException", "MessageRejected"}


class EmailRejected(Exception):  # noqa: N818  named as a refusal is; no caller of the API hears it
    """The address will not be reached however often it is tried."""


class EmailUnavailable(Exception):  # noqa: N818  as above
    """The message did not go out, or nobody knows; it may go out later."""


class Email(Protocol):
    """Sends one message to one address."""

    def send(self, address: str, message: EmailMessage) -> None:
        """Send it once; raises EmailRejected or EmailUnavailable."""


class SesEmail:
    """E-mail by Amazon SES, from NoticeSender and under the stack's own configuration set."""

    def send(self, address: str, message: EmailMessage) -> None:
        """Send once. Botocore repeats nothing: the stream does, once it is known that nobody else is at it."""
        own = notice_settings()
        ses = client("sesv2", attempts=1)
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  the client loads it anyway

        try:
            ses.send_email(
                FromEmailAddress=own.notice_sender,
                Destination={"ToAddresses": [address]},
                Content={"Raw": {"Data": message.as_bytes()}},
                ConfigurationSetName=own.notice_configuration_set,
            )
        except ClientError as error:
            log_if_denied(error)
            if error.response["Error"]["Code"] in _FINAL:
                raise EmailRejected(error.response["Error"]["Code"]) from None
            raise EmailUnavailable(error.response["Error"]["Code"]) from None
        except BotoCoreError as error:
            raise EmailUnavailable(type(error).__name__) from None
