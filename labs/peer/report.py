"""The comparison as a section of docs/performance.md: section.md with its figures, and what became of the goals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from labs.peer import privacyidea_login, smartident
from labs.peer.hashing import ALL, NONE, OWN, SAME

# Of privacyIDEA's CPU per login, what ours may take at most.
GOALS = {OWN.name: 15, SAME.name: 6, NONE.name: 9}
ENOUGH_PER_SECOND = 25
SAID = {OWN.name: "with its own hash", SAME.name: "with the same hash", NONE.name: "without the hash"}

COLUMNS = "logins/s | median ms | p95 ms | errors"

Found = dict[str, Any]


def section(found: Found) -> str:
    """The section below its heading."""
    theirs, ours = _both(found, SAME.name)
    waiting_ms = sum(found["theirs"]["waiting"].values())
    return (Path(__file__).parent / "section.md").read_text(encoding="utf-8").format(
        cpu="\n".join(_cpu(found)),
        goals="\n".join(_goals(found)),
        pace="\n".join(_pace(found)),
        rest="\n".join(_rest(found)),
        privacyidea=found["theirs"]["versions"]["privacyIDEA"],
        postgres=found["theirs"]["versions"]["PostgreSQL"],
        workers=found["theirs"]["workers"],
        users=f"{found['theirs']['users']:,}",
        people=found["people"],
        date=found["date"],
        cores=found["machine"]["cores"],
        processor=found["machine"]["processor"],
        python=found["machine"]["python"],
        foreign=f"{_foreign(found):.1f}",
        poll=privacyidea_login.POLL_SECONDS,
        poll_ms=f"{waiting_ms * privacyidea_login.POLL_SECONDS:.0f}",
        full=f"{found['machine']['cores'] * 1000 / max(waiting_ms, 0.001):.0f}",
        theirs_client=f"{theirs['client_cpu_ms']:.0f}",
        ours_client=f"{ours['client_cpu_ms']:.0f}",
    )  # fmt: skip


def bars(found: Found) -> dict[str, Any]:
    """What the report's picture shows of it."""
    theirs, ours = _both(found, SAME.name)
    own = _both(found, OWN.name)[0]
    spent = {
        "privacyIDEA, its own hash": cpu_ms(own),
        "privacyIDEA, the same hash": cpu_ms(theirs),
        "smartIDENT, all of it": cpu_ms(ours),
        "smartIDENT, the functions": ours["cpu_ms"]["functions"],
    }
    rows = [[label, ms, f"{ms:.0f} ms"] for label, ms in spent.items()]
    return {"title": "Processor time of one login", "note": "beside privacyIDEA, databases included", "rows": rows}


def cpu_ms(load: Found) -> float:
    """CPU milliseconds of one login, everything on the machine included."""
    return float(sum(load["cpu_ms"].values()))


def _bare(load: Found) -> float:
    """Without the database, or what stands for it."""
    return cpu_ms(load) - float(load["cpu_ms"]["database"])


def _both(found: Found, hashing: str, place: int = 0) -> tuple[Found, Found]:
    return found["theirs"]["loads"][hashing][place], found["ours"]["loads"][hashing][place]


def _cpu(found: Found) -> list[str]:
    lines = [
        "| CPU ms of the servers for one approved login | privacyIDEA | smartIDENT | ratio |",
        "|---|---:|---:|---:|",
    ]
    for hashing in ALL:
        theirs, ours = _both(found, hashing.name)
        lines += [
            f"| **{hashing.said}** | | | |",
            _row("everything on the machine, databases included", cpu_ms(theirs), cpu_ms(ours)),
            _row("without either database: gunicorn; functions and gateway", _bare(theirs), _bare(ours)),
            _row("what an operator runs: all of it; the functions", cpu_ms(theirs), ours["cpu_ms"]["functions"]),
        ]
    return lines


def _row(said: str, theirs: float, ours: float) -> str:
    return f"| {said} | {theirs:.0f} | {ours:.0f} | {theirs / ours:.1f} |"


def _goals(found: Found) -> list[str]:
    lines = ["| goal | everything, databases included | the functions alone |", "|---|---|---|"]
    for name, share in GOALS.items():
        theirs, ours = _both(found, name)
        most = cpu_ms(theirs) / share
        cells = [f"{_verdict(holds=ms <= most)}: {ms:.0f} ms" for ms in (cpu_ms(ours), ours["cpu_ms"]["functions"])]
        lines.append(f"| at most 1/{share} of its CPU {SAID[name]} ({most:.0f} ms) | {' | '.join(cells)} |")
    theirs, ours = (load["per_second"] for load in _both(found, SAME.name, 1))
    lines.append(
        f"| at least {ENOUGH_PER_SECOND} logins/s, 8 at once, same hash (privacyIDEA: {theirs:.1f}) "
        f"| {_verdict(holds=ours >= ENOUGH_PER_SECOND)}: {ours:.1f} | |"
    )
    return lines


def _verdict(*, holds: bool) -> str:
    return "holds" if holds else "**does not hold**"


def _pace(found: Found) -> list[str]:
    lines = [
        "| at once, hash | " + " | ".join(f"{name}: {COLUMNS}" for name in ("privacyIDEA", "smartIDENT")) + " |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for hashing in ALL:
        for place in (0, 1):
            pair = _both(found, hashing.name, place)
            lines.append(f"| {pair[0]['at_once']}, {hashing.name} | {' | '.join(map(_figures, pair))} |")
    return lines


def _figures(load: Found) -> str:
    return f"{load['per_second']:.1f} | {load['median_ms']:.0f} | {load['p95_ms']:.0f} | {len(load['errors'])}"


def _rest(found: Found) -> list[str]:
    sides = (found["theirs"], found["ours"])
    enrolments = [sum(one["enrolment"]["cpu_ms"].values()) for one in sides]
    rows = {
        "phone's decision to page knowing, ms: p50 / p95 / p99": [_spread(one, "heard_ms") for one in sides],
        "… to the page being logged in": [_spread(one, "finished_ms") for one in sides],
        "CPU ms for every second that a page waits": [f"{sum(one['waiting'].values()):.1f}" for one in sides],
        "CPU ms of one enrolment, database included": [f"{ms:.0f}" for ms in enrolments],
        "requests of the page": [_listed(one.REQUESTS["browser"]) for one in (privacyidea_login, smartident)],
        "requests of the phone": [_listed(one.REQUESTS["phone"]) for one in (privacyidea_login, smartident)],
    }
    return ["| | privacyIDEA | smartIDENT |", "|---|---|---|"] + [
        f"| {said} | {' | '.join(cells)} |" for said, cells in rows.items()
    ]


def _spread(side: Found, what: str) -> str:
    return " / ".join(f"{side['arrival'][what][share]:.0f}" for share in ("p50", "p95", "p99"))


def _listed(requests: list[str]) -> str:
    return f"{len(requests)}: " + ", ".join(f"`{request}`" for request in requests)


def _foreign(found: Found) -> float:
    loads = [both for side in (found["theirs"], found["ours"]) for both in side["loads"].values()]
    return float(max(load["foreign_cores"] for both in loads for load in both))
