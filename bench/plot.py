"""Bars as SVG, written by hand: on a card of its own, so that its text reads on light pages and on dark ones."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

WIDTH, MARGIN, LABELS, VALUES = 880, 28, 210, 190
TITLE, ROW, GAP = 54, 30, 26
SHADES = ("a", "b", "c", "d")
STYLE = """
text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
.title { font-size: 17px; font-weight: 600 }
.note { fill: #59636e; font-size: 13px }
.card { fill: #ffffff; stroke: #d1d9e0 }
.a { fill: #0969da } .b { fill: #54aeff } .c { fill: #1b7c83 } .d { fill: #e16f24 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .note { fill: #9198a1 } .card { fill: #0d1117; stroke: #3d444d }
  .a { fill: #4493f8 } .b { fill: #1f6feb } .c { fill: #2aa5ad } .d { fill: #f0883e }
}
"""


@dataclass(frozen=True)
class Bar:
    """One row: what it is called, its parts in the order of the legend, and its value in words."""

    label: str
    parts: tuple[float, ...]
    value: str


@dataclass(frozen=True)
class Panel:
    """Bars of one scale under a title."""

    title: str
    note: str
    bars: list[Bar]
    legend: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """How much room it takes."""
        return TITLE + ROW * (len(self.bars) + bool(self.legend)) + GAP


def svg(panels: list[Panel], summary: str) -> str:
    """The panels one below the other; `summary` is what a reader hears who does not see them."""
    height = MARGIN + sum(panel.height for panel in panels)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(summary)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>',
    ]
    top = MARGIN
    for panel in panels:
        lines += _panel(panel, top)
        top += panel.height
    return "\n".join([*lines, "</svg>", ""])


def _panel(panel: Panel, top: int) -> list[str]:
    scale = (WIDTH - 2 * MARGIN - LABELS - VALUES) / max(sum(bar.parts) for bar in panel.bars)
    lines = [_text(MARGIN, top + 12, panel.title, "title"), _text(MARGIN, top + 33, panel.note, "note")]
    row = top + TITLE
    for bar in panel.bars:
        lines.append(_text(MARGIN, row + 15, bar.label))
        left = float(MARGIN + LABELS)
        for shade, part in zip(SHADES, bar.parts, strict=False):
            lines.append(
                f'<rect class="{shade}" x="{left:.1f}" y="{row}" width="{max(part * scale, 1.5):.1f}" height="20"/>'
            )
            left += part * scale
        lines.append(_text(round(left) + 10, row + 15, bar.value))
        row += ROW
    left = MARGIN + LABELS
    for shade, name in zip(SHADES, panel.legend, strict=False):
        lines.append(f'<rect class="{shade}" x="{left}" y="{row + 2}" width="12" height="12"/>')
        lines.append(_text(left + 18, row + 13, name, "note"))
        left += 40 + 8 * len(name)
    return lines


def _text(left: int, base: int, text: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f'<text{mark} x="{left}" y="{base}">{escape(text)}</text>'
