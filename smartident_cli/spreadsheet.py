"""What a spreadsheet or a database's export makes of a cell: it looks like a value and is none."""

import re

# By the names that German and English months begin with.
_MONTH = "(?:jan|feb|mär|mrz|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)[a-zä]*"
_CHANGED_NUMBER = re.compile(
    # 100200301.0, 100.200.301, 12.03.2026, 1,002E+08, 1.002E08, 1E+08.
    r"\d+(?:[.,]\d+)+(?:e[+-]?\d+)?|\d+[.,]?e[+-]\d+"
    # 01/02/2026, 2026-01-02; 12-May, 12. Mai, May-12.
    r"|\d{1,2}/\d{1,2}/(?:19|20)\d\d|(?:19|20)\d\d[-/](?:0\d|1[0-2])[-/](?:[0-2]\d|3[01])"
    rf"|\d{{1,2}}[.-]{_MONTH}|{_MONTH}[.-]\d{{1,4}}"
    # Text that was meant as text, and formulas.
    r"|['\u2018\u2019=\"].*"
    # No value at all.
    r"|null|nil|none|nan|n/a|undefined|true|false|wahr|falsch",
    re.IGNORECASE,
)
# Of a cell that it cannot compute or show: #NAME?, #WERT!, ########.
_ERROR = re.compile(r"#(?:[\w/Ü]+[!?]?|#+)")


def is_changed_number(text: str) -> bool:
    """Whether a program made this of an access number, or of none."""
    return _CHANGED_NUMBER.fullmatch(text) is not None or is_error(text)


def is_error(text: str) -> bool:
    """Whether a spreadsheet writes this instead of a value."""
    return _ERROR.fullmatch(text) is not None
