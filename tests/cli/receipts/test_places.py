"""What an export may hold, its verifier knows a place for."""

from importlib import import_module

from smartident.accounts.external_ids import ExternalIdRow
from smartident.accounts.item.row import AccountRow
from smartident.accounts.names import AccessNumberRow, EmailRow
from smartident.admin.export import EXPORTED
from smartident.rate_limiting.counters import CounterRow
from smartident.storage.table import Row
from smartident_cli.receipts.places import BESIDE_IT, OF_THE_ACCOUNT
from tests.promises.source import MODULES

OTHERS = (AccountRow, AccessNumberRow, EmailRow, ExternalIdRow)


def test_every_kind_of_item_under_an_account_is_exported_and_erased_with_it() -> None:
    """By what each kind says of its key."""
    for name in MODULES:
        import_module(name)
    under = {row for row in Row.__subclasses__() if (row.__doc__ or "").startswith("`<account_id>`")}
    assert under == {*EXPORTED, AccountRow} - {CounterRow}


def test_every_kind_of_item_that_is_exported_has_a_place() -> None:
    kinds = {one.kind.get_discriminator(one) for one in (*EXPORTED, *OTHERS)}
    assert kinds == OF_THE_ACCOUNT | BESIDE_IT
