"""Health checks of the clients that an operator lists."""

from collections.abc import Iterator

from smartident.clients.client import ClientRow, client_of, default_client, is_own, read_rows
from smartident.settings import settings
from smartident_cli.deployment import Deployment
from smartident_cli.doctor.health_checks import Finding, Verdict


def clients(_: Deployment) -> Iterator[Finding]:
    """Whether our own command wrote every client, and the pages of each can call the API."""
    rows: list[ClientRow] = list(read_rows())
    for row in rows:
        if not is_own(row):
            yield Finding(Verdict.BAD, "client_forged", {"client": client_of(row).id})
    genuine = [default_client(), *(client_of(row) for row in rows if is_own(row))]
    active = [client for client in genuine if client.active]
    for client in active:
        outside = [origin for origin in client.origins if origin not in settings().allowed_origins]
        if outside:
            yield Finding(Verdict.BAD, "client_origins_not", {"client": client.id, "origins": ", ".join(outside)})
    yield Finding(Verdict.GOOD, "clients", {"clients": ", ".join(client.id for client in active)})
