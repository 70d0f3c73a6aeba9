"""What an export may hold, its verifier knows a place for."""

from smartident.accounts.external_ids import ExternalIdRow
from smartident.accounts.item.row import AccountRow
from smartident.accounts.names import AccessNumberRow, EmailRow
from smartident.admin.export import EXPORTED
from smartident_cli.receipts.places import BESIDE_IT, OF_THE_ACCOUNT

OTHERS = (AccountRow, AccessNumberRow, EmailRow, ExternalIdRow)


def test_every_kind_of_item_that_is_exported_has_a_place() -> None:
    kinds = {one.kind.get_discriminator(one) for one in (*EXPORTED, *OTHERS)}
    assert kinds == OF_THE_ACCOUNT | BESIDE_IT
