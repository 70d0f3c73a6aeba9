"""The report: what was found, put between the markers of docs/performance.md, and drawn.

Prose stands around the markers and is written by hand. A part that was not measured keeps the table that it has. A part
may bring its own: its JSON then holds `text` and `bars` (title, note, rows).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bench import tables
from bench.plot import Bar, Panel, svg
from bench.results import found
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "images" / "performance.svg"
SECTIONS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "work": ("work", tables.work),
    "steps": ("work", tables.steps),
    "profile": ("work", tables.profile),
    "stories": ("database", tables.stories),
    "login": ("database", tables.login_entries),
    "sizes": ("database", tables.sizes),
    "growth": ("database", tables.growth),
    "waiting": ("waiting", tables.waiting),
    "push": ("push", tables.push),
    "throughput": ("throughput", tables.throughput),
}
OTHERS = ("peer", "peer_oidc")


def filled(page: str, parts: dict[str, dict[str, Any]]) -> str:
    """The page with every table whose part was measured."""
    for name, (part, made) in SECTIONS.items():
        if part in parts:
            page = put(page, name, made(parts[part]))
    for name in OTHERS:
        text = parts.get(name, {}).get("text")
        if text:
            page = put(page, name, text.strip())
    return page


def put(page: str, name: str, text: str) -> str:
    """The page with this text between a marker and its end; raises KeyError if it has no such place."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(page):
        raise KeyError(f"the page has no place for {name}")
    return pattern.sub(lambda place: f"{place[1]}{text}\n{place[2]}", page)


def panels(parts: dict[str, dict[str, Any]]) -> list[Panel]:
    """What is drawn of the parts that were measured."""
    drawn = {"work": _work, "waiting": _waiting, "throughput": _throughput}
    made = [draw(parts[name]) for name, draw in drawn.items() if name in parts]
    for name in OTHERS:
        bars = parts.get(name, {}).get("bars")
        if bars:
            rows = [Bar(str(label), (float(value),), str(text)) for label, value, text in bars["rows"]]
            made.append(Panel(bars["title"], bars["note"], rows))
    return made


def _work(work: dict[str, Any]) -> Panel:
    bars = []
    for journey, name in tables.STORIES.items():
        one = work[journey]
        floor = one["floor"]
        parts = [floor[part] / floor["all"] for part in ("hash", "calls", "signatures")]
        bars.append(Bar(name, (*parts, one["overhead"]), f"{1 + one['overhead']:.2f} of the floor"))
    legend = ("Argon2id", "bare AWS calls", "signatures", "ours")
    return Panel(
        "Processor time of our handlers", "the floor: same hash, same signatures, same AWS calls", bars, legend
    )


def _waiting(waiting: dict[str, Any]) -> Panel:
    socket = waiting["ways"]["socket"]["p50"]
    bars = []
    for name, one in waiting["ways"].items():
        label = "WebSocket" if name == "socket" else f"polling every {name.removeprefix('poll ')}"
        bars.append(Bar(label, (one["p50"] / socket,), f"{one['p50'] / socket:.1f} ({one['p50']:.0f} ms)"))
    return Panel("From the approval to the page having its token", "median, the WebSocket's is 1", bars)


def _throughput(throughput: dict[str, Any]) -> Panel:
    bars = [
        Bar(f"{one['people']} at once", (one["per_second"],), f"{one['per_second']:.1f} logins/s")
        for one in throughput["crowds"]
    ]
    note = f"{throughput['cores']} processors for service, table, gateway and clients together"
    return Panel("Full logins per second on a laptop stack", note, bars)


def write(page: Path = PAGE, picture: Path = PICTURE) -> None:
    """Make the report of what lies in .cache/out/bench/."""
    every = {part for part, _ in SECTIONS.values()} | set(OTHERS)
    parts = {name: told for name in every if (told := found(name)) is not None}
    page.write_text(filled(page.read_text(encoding="utf-8"), parts), encoding="utf-8")
    drawn = panels(parts)
    if drawn:
        picture.write_text(svg(drawn, "How much work a login is, and how fast it goes"), encoding="utf-8")


def main() -> None:
    """Write it."""
    write()
    print(f"{PAGE.relative_to(ROOT)}, {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
