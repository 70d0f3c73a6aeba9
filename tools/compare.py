"""compare.py ONE OTHER: tells what differs between two builds, in names, bytes, modes or times; 1 if anything does.

It also looks for what must not be in an artifact: tests, and anything that was not in functions/ or its requirements.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

FOREIGN = {"events", "labs", "smartident_cli", "smartident_client", "smartident_laptop", "tests", "tools", "web"}


def contents(build: Path) -> dict[str, tuple[str, int, int]]:
    """Every file of a build's artifacts: its bytes' digest, its mode and its time."""
    return {
        str(file.relative_to(build)): (
            sha256(file.read_bytes()).hexdigest(),
            file.stat().st_mode,
            int(file.stat().st_mtime),
        )
        for artifact in build.glob("*/")
        for file in artifact.rglob("*")
        if file.is_file()
    }


def main(one: Path, other: Path) -> int:
    """Compare them."""
    left, right = contents(one), contents(other)
    differing = sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
    foreign = sorted(name for name in left if FOREIGN & set(Path(name).parts[1:2]) or "/test_" in name)
    for line in (*(f"differs: {name}" for name in differing), *(f"does not belong here: {name}" for name in foreign)):
        print(line)
    print(f"{len(left)} files, {len(differing)} differ, {len(foreign)} do not belong there")
    return 0 if left and not differing and not foreign else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
