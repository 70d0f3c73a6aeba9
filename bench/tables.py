"""The report's tables, made of what was found; each is Markdown."""

from __future__ import annotations

from typing import Any

STORIES = {"login": "a login", "enrolment": "an enrolment"}
JUSTIFIED = {
    ("login", 0): "which account the number stands for",
    ("login", 1): "counts the try before the hash is computed, and reads the account by the same write",
    ("login", 2): "what became of the login before it, which this one's entry in the audit log binds",
    ("login", 3): "the login itself, in one transaction with the next",
    ("login", 4): "forgets the try and claims one of the account's places",
    ("login", 5): "ties the socket to the login that its ticket is for",
    ("login", 6): "the page's question over the socket: whose login, and where it stands",
    ("login", 7): "the list: the device that asks and what waits, in one Query",
    ("login", 8): "the decision: the device that signs and the login it signs for",
    ("login", 9): "the approval and its receipt; a revoked device is barred from the row",
    ("login", 10): "the account's grant epoch, which the login must be of",
    ("login", 11): "one approval becomes one session",
}


def table(head: list[str], rows: list[list[str]], *, left: int = 1) -> str:
    """A Markdown table; the columns after the first `left` ones hold numbers."""
    rule = ["---" if place < left else "---:" for place in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def work(found: dict[str, Any]) -> str:
    """The processor's time of a login and an enrolment, in units of the floor."""
    rows = []
    for journey, name in STORIES.items():
        one = found[journey]
        floor, ours = one["floor"], one["ours"]
        parts = [floor[part] / floor["all"] for part in ("hash", "calls", "signatures")]
        shares = [f"{part:.2f}" for part in (*parts, one["overhead"], 1 + one["overhead"])]
        rows.append([name, str(one["calls"]), *shares, f"{floor['all']:.1f}", f"{ours['all']:.1f}"])
    head = [
        "",
        "AWS calls",
        "hash",
        "calls",
        "signatures",
        "beyond the floor",
        "all of it",
        "floor, CPU ms",
        "ours, CPU ms",
    ]
    return table(head, rows)


def steps(found: dict[str, Any]) -> str:
    """Each handler's share."""
    rows = [
        [f"`{step}`", f"{took:.1f}", f"{took / found[journey]['ours']['all']:.0%}"]
        for journey in STORIES
        for step, took in found[journey]["ours"].items()
        if step != "all"
    ]
    return table(["handler call", "CPU ms", "of its journey"], rows)


def profile(found: dict[str, Any]) -> str:
    """Whose code the time beyond hash and sockets is spent in, by the profiler."""
    packages = found["login"]["profile"]["packages"]
    whole = sum(packages.values())
    rows = [[name, f"{took / whole:.0%}"] for name, took in packages.items() if took / whole > 0.005]  # noqa: PLR2004  what shows
    return table(["code of", "of a login's time under the profiler"], rows)


def stories(found: dict[str, Any]) -> str:
    """What each story reads and writes."""
    rows = [
        [
            name,
            f"{one['reads']:.0f}",
            f"{one['writes']:.0f}",
            f"{one['checks']:.0f}",
            f"{one['rows_read']:.0f}",
            f"{one['bytes_read']:,.0f}",
            f"{one['read_units']:g}",
            f"{one['write_units']:g}",
        ]
        for name, one in found["stories"].items()
    ]
    head = ["story", "reads", "writes", "checks", "rows read", "bytes read", "read units", "write units"]
    return table(head, rows)


def login_entries(found: dict[str, Any]) -> str:
    """Every read and write of a login, and what it is for."""
    rows = []
    for place, entry in enumerate(found["stories"]["login"]["entries"]):
        units = f"{entry['read_units']:g} read" if entry["read_units"] else f"{entry['write_units']} write"
        why = JUSTIFIED.get(("login", place), "")
        rows.append([f"{place + 1}", f"`{entry['what']}` {entry['row']}", why, f"{entry['size']:,}", units])
    return table(["", "what", "why", "bytes", "units"], rows, left=3)


def sizes(found: dict[str, Any]) -> str:
    """The largest row of each kind."""
    rows = [
        [kind, f"{one['bytes']:,}", ", ".join(f"{name} {size}" for name, size in one["attributes"].items())]
        for kind, one in found["rows"].items()
    ]
    return table(["row", "bytes", "largest attributes"], rows)


def growth(found: dict[str, Any]) -> str:
    """The stories' work in ever larger tables and after ever longer histories: rows and bytes read, write units."""
    head = ["rows read · bytes read · write units"]
    columns: list[dict[str, Any]] = []
    for part, unit in (("accounts", "accounts"), ("events", "past events")):
        for count, lines in found[part].items():
            head.append(f"{int(count):,} {unit}")
            columns.append(lines)
    rows = [
        [
            name,
            *(
                f"{one[name]['rows_read']:.0f} · {one[name]['bytes_read']:,.0f} · {one[name]['write_units']:g}"
                for one in columns
            ),
        ]
        for name in found["stories"]
    ]
    return table(head, rows)


def waiting(found: dict[str, Any]) -> str:
    """From approval to token, and each way beside the socket."""
    socket = found["ways"]["socket"]
    rows = [
        [
            "WebSocket" if name == "socket" else f"asked every {name.removeprefix('poll ')}",
            f"{one['logins']:,}",
            *(f"{one[share]:,.0f}" for share in ("p50", "p95", "p99")),
            *(f"{one[share] / socket[share]:.1f}" for share in ("p50", "p95", "p99")),
        ]
        for name, one in found["ways"].items()
    ]
    return table(["", "logins", "p50 ms", "p95 ms", "p99 ms", "p50 ratio", "p95 ratio", "p99 ratio"], rows)


def push(found: dict[str, Any]) -> str:
    """From the page's question to its answer, and to the push service's."""
    rows = [
        [
            name,
            f"{found['logins']:,}",
            *(f"{found[part][share]:,.0f}" for share in ("p50", "p95", "p99")),
            *(f"{found[part][share] / found['answered'][share]:.1f}" for share in ("p50", "p95", "p99")),
        ]
        for part, name in (("answered", "the page is answered"), ("pushed", "the push service answered 201"))
    ]
    return table(["", "logins", "p50 ms", "p95 ms", "p99 ms", "p50 ratio", "p95 ratio", "p99 ratio"], rows)


def throughput(found: dict[str, Any]) -> str:
    """Logins per second and latency by crowd, and who used the processors."""
    alone = found["crowds"][0]
    rows = []
    for one in found["crowds"]:
        latency, cpu = one["latency"], one["cpu_ms"]
        rows.append(
            [
                str(one["people"]),
                f"{one['logins']:,}",
                str(one["errors"]),
                f"{one['per_second']:.1f}",
                *(f"{latency[share]:,.0f}" for share in ("p50", "p95", "p99")),
                f"{latency['p50'] / alone['latency']['p50'] / one['people']:.2f}",
                *(f"{cpu[part]:.0f}" for part in ("functions", "table", "gateway", "client")),
                f"{one['other_cores']:.1f}" if "other_cores" in one else "?",
            ]
        )
    head = ["people at once", "logins", "errors", "logins/s", "p50 ms", "p95 ms", "p99 ms", "p50 ÷ people, alone 1"]
    return table([*head, "functions", "table", "gateway", "client", "other work, cores"], rows)
