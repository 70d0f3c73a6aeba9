"""AWS's list prices in USD, first tier, without any free allowance. docs/cost.md tells which were looked up where."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

PRICES_OF = "November 2026"
MILLION = 1_000_000
GB = 1024**3


class NoPrice(Exception):  # noqa: N818  what was asked for
    """A price was named that the model has not, or is no number; the text says which."""


@dataclass(frozen=True)
class Prices:
    """One region's: per million where work is counted, per month where something stands, else as the name says."""

    write_units: float = 0.7625
    read_units: float = 0.1525
    storage_gb: float = 0.306
    backup_gb: float = 0.2448
    function_requests: float = 0.20
    function_gb_seconds: float = 13.3334
    http_requests: float = 1.20
    socket_messages: float = 1.00
    socket_minutes: float = 0.25
    signatures: float = 15.0
    rsa_signatures: float = 3.0
    events: float = 1.0
    queue_requests: float = 0.40
    log_gb: float = 0.63
    transfer_gb: float = 0.09
    front_requests: float = 1.20
    front_transfer_gb: float = 0.085
    firewall_requests: float = 0.60
    sms: float = 0.10
    key: float = 1.00
    secret: float = 0.40
    metric: float = 0.30
    alarm: float = 0.10
    dashboard: float = 3.00

    def changed(self, named: Mapping[str, object]) -> "Prices":
        """The same with some prices named otherwise; raises NoPrice."""
        known = {field.name for field in fields(self)}
        found = {}
        for name, price in named.items():
            if name not in known:
                raise NoPrice(name)
            try:
                found[name] = float(str(price))
            except ValueError:
                raise NoPrice(f"{name}={price}") from None
        return replace(self, **found)


REGIONS = {
    "eu-central-1": Prices(),
    "us-east-1": Prices(
        write_units=0.625, read_units=0.125, storage_gb=0.25, backup_gb=0.20, http_requests=1.00, log_gb=0.50
    ),
}
