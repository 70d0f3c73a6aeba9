"""What `make bench-timing` says is true: what differs is told, and what does not is not."""

from __future__ import annotations

import pytest

from bench.timing import KINDS, ROUTES, TRIES, Try, auc, names, report

FAST, SLOW = [1.0, 2.0, 3.0], [11.0, 12.0, 13.0]


def test_auc_is_a_half_where_nothing_differs_and_one_where_all_does() -> None:
    assert auc(FAST, FAST) == 0.5
    assert auc(FAST, SLOW) == auc(SLOW, FAST) == 1
    assert auc([1.0, 2.0], [1.0, 2.0, 3.0, 4.0]) == 0.75


def test_every_name_is_tried_by_one_kind_on_one_route_and_often_enough() -> None:
    found = names(25)
    every = [number for some in found.values() for number in some]
    assert len(every) == len(set(every)) == len(ROUTES) * len(KINDS) * 3
    assert all(len(some) * TRIES >= 25 for some in found.values())


@pytest.mark.parametrize(
    ("other", "took", "silent"),
    [("same", FAST, True), ("other bytes", FAST, False), ("same", SLOW, False)],
    ids=["nothing", "bytes", "time"],
)
def test_what_tells_the_kinds_apart_is_reported(other: str, took: list[float], *, silent: bool) -> None:
    heard = [(Try(route, kind, "1", ""), "same", time) for route in ROUTES for kind in KINDS for time in FAST]
    odd = [(one, other, slow) for one, _, slow in heard if one.kind == "wrong"]
    odd = [(one, answer, time) for (one, answer, _), time in zip(odd, took * len(ROUTES), strict=True)]
    assert report([one for one in heard if one[0].kind != "wrong"] + odd) is silent
