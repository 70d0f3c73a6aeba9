"""What an operator says about external ids: the client that knows an account, and its name for it."""

from collections.abc import Sequence

from smartident.accounts.external_ids import is_external_id
from smartident_cli.client.validation import known_client
from smartident_cli.invalid_field import InvalidField
from smartident_cli.visible import visible


def valid_external_id(text: str) -> str | None:
    """A client's name for an account, or none; raises InvalidField."""
    name = visible(text).strip()
    if name and not is_external_id(name):
        raise InvalidField("external_id", "external_id_unfit")
    return name or None


def valid_external_ids(pairs: Sequence[str]) -> dict[str, str]:
    """The names that `CLIENT=NAME` gives, each of another client; raises InvalidField."""
    names: dict[str, str] = {}
    for pair in pairs:
        client_id, _, text = pair.partition("=")
        name = valid_external_id(text)
        if name is None or client_id in names:
            raise InvalidField("external_id", "external_id_unfit")
        names[known_client(client_id)] = name
    return names
