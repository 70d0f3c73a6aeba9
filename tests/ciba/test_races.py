"""Many at once: one of them gets the tokens, one rings the phone, whether anybody has the name or not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.concurrency import at_once
from tests.support.oidc_flow import Flow, add_clients

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartident.accounts.account import Account
    from tests.support.ciba_flow import BackEnd
    from tests.support.world import Phone, World

CROWDS = [2, 8]


def heard(answers: Iterable[Any]) -> Counter[tuple[int, str]]:
    """How often each status with its error was answered."""
    return Counter((int(status), told.get("error", "")) for status, _, told in answers)


@pytest.mark.parametrize("crowd", CROWDS)
def test_of_many_polls_at_once_one_gets_the_tokens(back_end: BackEnd, phone: Phone, crowd: int) -> None:
    begun = back_end.approved(phone)
    told = heard(at_once(*[lambda: back_end.poll(begun["auth_req_id"])] * crowd))
    assert told.pop((200, "")) == 1
    assert told.keys() <= {(400, "invalid_grant"), (400, "slow_down")}


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize("crowd", CROWDS)
def test_of_many_requests_at_once_one_waits_for_a_person_and_for_nobody_alike(back_end: BackEnd, crowd: int) -> None:
    known, unknown = (
        heard(at_once(*[lambda name=name: back_end.ask(login_hint=name)] * crowd)) for name in ("K-42", "nobody")
    )
    assert known == unknown == {(200, ""): 1, (429, "temporarily_unavailable"): crowd - 1}


@pytest.mark.parametrize("crowd", CROWDS)
def test_a_code_redeemed_many_times_at_once_gives_tokens_once_and_they_end(
    world: World, anna: Account, phone: Phone, crowd: int
) -> None:
    """A second attempt ends what the first one got (RFC 6749, section 4.1.2)."""
    add_clients(world)
    flow = Flow(world)
    code = flow.answered(anna, phone)["code"]
    answers: list[Any] = at_once(*[lambda: flow.token(code)] * crowd)
    assert heard(answers) == {(200, ""): 1, (400, "invalid_grant"): crowd - 1}
    (token,) = [told["access_token"] for status, _, told in answers if status == 200]
    assert flow.userinfo(token)[0] == 401
