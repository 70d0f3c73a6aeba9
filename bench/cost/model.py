"""The bill as a model: counted work times list prices. No free allowances, no discounts, no cold starts."""

from dataclasses import dataclass

from bench.cost.prices import GB, MILLION, Prices
from bench.cost.work import (
    ENROLMENT,
    HEADER_BYTES,
    ITEM_BYTES,
    LAMBDA_LOG_BYTES,
    LOGIN,
    STANDING,
    Standing,
    Work,
)

DAYS_A_MONTH = 365 / 12
# An account at rest: its own row, its lookups and one device.
ACCOUNT_BYTES = 1_400
# Shown apart: the operator decides by RetentionDays how long history and receipts are kept.
APART = {"kept", "logs", "signatures", "sms"}


@dataclass(frozen=True)
class Line:
    """One line of a bill: so many of something, and what they cost."""

    name: str
    amount: float
    usd: float

    @property
    def apart(self) -> bool:
        """Whether it is shown apart from the work of the service."""
        return self.name in APART

    def times(self, number: float) -> "Line":
        """The same line for so many."""
        return Line(self.name, self.amount * number, self.usd * number)


def lines(work: Work, prices: Prices, standing: Standing = STANDING) -> list[Line]:
    """What a single login or enrolment costs, line by line; lines of nothing are left out."""
    gb_seconds = sum(one.memory_mb / 1024 * one.duration_ms / 1000 for one in work.invocations)
    log_gb = (work.log_bytes + LAMBDA_LOG_BYTES * len(work.invocations)) / GB
    transfer_gb = (work.answer_bytes + HEADER_BYTES * work.http_requests) / GB
    gb_months = (work.kept_bytes + ITEM_BYTES * work.kept_items) / GB * standing.retention_days / DAYS_A_MONTH
    minutes = work.socket_seconds / 60
    found = [
        Line("write_units", work.write_units, work.write_units * prices.write_units / MILLION),
        Line("read_units", work.read_units, work.read_units * prices.read_units / MILLION),
        Line("http_requests", work.http_requests, work.http_requests * prices.http_requests / MILLION),
        Line("socket_messages", work.socket_messages, work.socket_messages * prices.socket_messages / MILLION),
        Line("socket_minutes", minutes, minutes * prices.socket_minutes / MILLION),
        Line("function_gb_seconds", gb_seconds, gb_seconds * prices.function_gb_seconds / MILLION),
        Line("function_requests", len(work.invocations), len(work.invocations) * prices.function_requests / MILLION),
        Line("transfer", transfer_gb, transfer_gb * prices.transfer_gb),
        Line("kept", gb_months, gb_months * (prices.storage_gb + prices.backup_gb)),
        Line("logs", log_gb, log_gb * prices.log_gb),
        Line("signatures", work.signatures, work.signatures * prices.signatures / MILLION),
        Line("sms", work.sms, work.sms * prices.sms),
    ]
    return [line for line in found if line.amount]


def front_lines(work: Work, prices: Prices) -> list[Line]:
    """What CloudFront before the API adds to a login or enrolment, and takes off: answers leave from there instead.

    An open WebSocket is one request. AWS WAF, where an operator puts it in front, looks at every request.
    """
    requests = work.http_requests + bool(work.socket_messages)
    transfer_gb = (work.answer_bytes + HEADER_BYTES * work.http_requests) / GB
    return [
        Line("front_requests", requests, requests * prices.front_requests / MILLION),
        Line("front_transfer", transfer_gb, transfer_gb * prices.front_transfer_gb),
        Line("no_transfer", transfer_gb, -transfer_gb * prices.transfer_gb),
    ]


def firewall_line(work: Work, prices: Prices) -> Line:
    """What AWS WAF before CloudFront costs beside its monthly price."""
    requests = work.http_requests + bool(work.socket_messages)
    return Line("firewall_requests", requests, requests * prices.firewall_requests / MILLION)


def standing_lines(prices: Prices, accounts: float = 0, standing: Standing = STANDING) -> list[Line]:
    """What a month costs although nobody logs in."""
    at_rest = accounts * ACCOUNT_BYTES / GB
    found = [
        Line("keys", standing.keys, standing.keys * prices.key),
        Line("secrets", standing.secrets, standing.secrets * prices.secret),
        Line("metrics", standing.metrics, standing.metrics * prices.metric),
        Line("alarms", standing.alarms, standing.alarms * prices.alarm),
        Line("dashboards", standing.dashboards, standing.dashboards * prices.dashboard),
        Line("at_rest", at_rest, at_rest * (prices.storage_gb + prices.backup_gb)),
    ]
    return [line for line in found if line.amount]


def total(found: list[Line]) -> float:
    """The sum of the lines."""
    return sum(line.usd for line in found)


@dataclass(frozen=True)
class Usage:
    """How much a deployment is used."""

    logins_per_day: float = 10_000
    enrolments_per_day: float = 100
    accounts: float = 100_000


@dataclass(frozen=True)
class Month:
    """A month's bill: what stands, the logins and the enrolments."""

    standing: list[Line]
    logins: list[Line]
    enrolments: list[Line]

    @property
    def usd(self) -> float:
        """All of it."""
        return total(self.standing) + total(self.logins) + total(self.enrolments)


def month(prices: Prices, usage: Usage) -> Month:
    """A month of such usage."""
    return Month(
        standing_lines(prices, usage.accounts),
        [line.times(usage.logins_per_day * DAYS_A_MONTH) for line in lines(LOGIN, prices)],
        [line.times(usage.enrolments_per_day * DAYS_A_MONTH) for line in lines(ENROLMENT, prices)],
    )
