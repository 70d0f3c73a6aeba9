"""What OpenID Connect costs beside the login itself: three reads and four writes at most, from link to user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.crypto import pepper
from tests.logins.test_budget import spent
from tests.support.oidc_flow import ASSERTED, BANK, BANK_URI, Flow, assertion

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


def test_a_login_by_openid_connect_costs_three_reads_and_four_writes_more_at_most(
    world: World, anna: Account, phone: Phone
) -> None:
    """With a client that the containers know; one that they do not costs a read a minute and container."""
    pepper.pepper()
    Flow(world, BANK, BANK_URI).interaction()
    world.aws.clear()
    flow = Flow(world, BANK, BANK_URI)
    interaction = flow.interaction()
    link = spent(world)
    begun = flow.log_in(anna, phone)
    login = spent(world)
    status, told = flow.finish(interaction, begun)
    code = spent(world)
    assert status == 200
    heard = flow.heard(told["redirect_to"])
    given = flow.token(heard["code"], headers={}, **ASSERTED, client_assertion=assertion(world))[2]
    token = spent(world)
    assert flow.userinfo(given["access_token"])[0] == 200
    assert spent(world)["calls"] == ["GetItem", "GetItem"]
    assert link["calls"] == []
    assert (code["calls"], code["writes"]) == (
        ["GetItem", "UpdateItem", "TransactWriteItems"],
        ["Update LOGIN", "Put AUTHORIZATION", "Put SESSION"],
    )
    assert token["calls"] == ["PutItem", "GetItem", "GetItem", "Sign", "UpdateItem"]
    # As at any login (tests/logins/test_budget.py), to whose end a read and a write belong.
    assert (len(login["reads"]), len(login["writes"])) == (3, 4)
    for kind, most in (("reads", 3), ("writes", 4)):
        extra = sum(len(one[kind]) for one in (link, code, token)) - 1
        assert extra <= most


def test_who_is_signed_in_costs_the_next_client_two_reads_and_two_writes(
    world: World, anna: Account, phone: Phone
) -> None:
    """And KMS nothing before the token; without sessions, and without a cookie, nothing is read at all."""
    pepper.pepper()
    flow = Flow(world)
    flow.answered(anna, phone)
    flow.stay()
    other = Flow(world, BANK, BANK_URI, session=flow.session)
    other.silently()
    world.aws.clear()
    assert "code" in other.silently()
    silent = spent(world)
    assert silent["calls"] == ["GetItem", "GetItem", "TransactWriteItems"]
    assert silent["writes"] == ["Put AUTHORIZATION", "Update SESSION"]
    world.set(SESSION_LIFETIME=0)
    other.asks()
    assert spent(world)["calls"] == []
