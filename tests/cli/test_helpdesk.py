"""The helpdesk: who may only read has all that reading commands need, and no changing command gets anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from tests.cli.client.test_client import ADD
from tests.support.iam_roles import TEMPLATE, needed
from tests.support.world import PASSWORD, World

if TYPE_CHECKING:
    from tests.cli.operator import Operator

((_, POLICY),) = TEMPLATE.resources("AWS::IAM::ManagedPolicy")
STATEMENTS: list[dict[str, Any]] = POLICY["PolicyDocument"]["Statement"]
# The command reads no log; people do, in the console.
IN_THE_CONSOLE = {"logs:GetQueryResults", "logs:StartQuery"}


def allowed() -> set[str]:
    named = [statement["Action"] for statement in STATEMENTS]
    return {action for one in named for action in ([one] if isinstance(one, str) else one)}


@pytest.fixture
def used(world: World, operator: Operator, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What is needed from now on by who has the helpdesk's policy alone; Anna, her phone and a client are there."""
    world.phone(world.account("700001", email="anna@example.test"))
    operator.stack()
    assert operator(*ADD).exit_code == 0
    used: set[str] = set()
    plain = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore has no door for this

    def held(self: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        actions = needed(self.meta.service_model.service_name, operation, arguments)
        if not actions <= allowed():
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not yours"}}, operation)
        used.update(actions)
        return plain(self, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", held)
    return used


def test_the_helpdesk_reads_with_just_the_rights_that_it_has(operator: Operator, used: set[str]) -> None:
    for words in (
        ("account", "show", "700001"),
        ("account", "show", "anna@example.test"),
        ("account", "find", "Berger"),
        ("account", "list"),
        ("device", "list", "700001"),
        ("events", "700001", "--since", "2h"),
        ("client", "list"),
        ("client", "show", "financeapp"),
    ):
        told = operator(*words)
        assert told.exit_code == 0, told.output + told.stderr
    assert used == allowed() - IN_THE_CONSOLE


@pytest.mark.usefixtures("used")
@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("account", "create", "700002", "--name", "B"), f"{PASSWORD}\n"),
        (("account", "set-password", "700001"), f"{PASSWORD}-neu\n"),
        (("account", "set-phone", "700001", "0170 9998877"), ""),
        (("account", "set-email", "700001", "neu@example.test"), ""),
        (("account", "two-factor", "700001", "off"), ""),
        (("account", "unlock", "700001"), ""),
        (("account", "forget-browsers", "700001"), ""),
        (("account", "delete", "700001", "--yes"), ""),
        (("client", "remove", "taxapp", "--yes"), ""),
        (("device", "revoke", "700001", "Annas Telefon", "--yes"), ""),
    ],
    ids=lambda words: " ".join(words[:2]) if isinstance(words, tuple) else "",
)
def test_the_helpdesk_changes_nothing(operator: Operator, words: tuple[str, ...], typed: str) -> None:
    before = operator("account", "show", "700001").output
    told = operator(*words, typed=typed)
    assert told.exit_code == 1
    assert "AWS hat" in told.stderr
    assert operator("account", "show", "700001").output == before
