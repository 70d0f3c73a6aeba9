"""progress.py COMMAND…: runs pip, and shows on one line how far it is; what went wrong is shown whole.

A first `make run` fetches some sixty packages, which takes a minute or two: silence would look like a fault.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

EVERY = 20


def total(command: list[str]) -> int:
    """How many packages the lock in a pip command names."""
    locks = [command[place + 1] for place, word in enumerate(command[:-1]) if word == "-r"]
    return sum(len(re.findall(r"^\S+==", Path(lock).read_text(encoding="utf-8"), re.MULTILINE)) for lock in locks)


def shown(line: str, done: int, of: int) -> str | None:
    """What to show for a line of pip's, or None."""
    found = re.match(r"(Collecting|Requirement already satisfied:) ([\w.-]+)", line)
    if found:
        return f"  {done} of {of} packages: {found[2]}"
    return f"  installing {of} packages" if line.startswith("Installing collected packages") else None


def main(command: list[str]) -> int:
    """Run the command and tell about it; its exit code."""
    of, done, said, on_terminal = total(command), 0, [], sys.stdout.isatty()
    with subprocess.Popen(  # noqa: S603  what make says
        [*command, "--progress-bar", "off"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        for line in running.stdout or ():
            said.append(line)
            done += line.startswith(("Collecting", "Requirement already"))
            text = shown(line, done, of)
            if text is not None and on_terminal:
                print(f"\r\033[K{text}", end="", flush=True)
            elif text is not None and (done % EVERY == 0 or "installing" in text):
                print(text, flush=True)
    if on_terminal:
        print("\r\033[K", end="", flush=True)
    if running.returncode:
        print("".join(said))
    return running.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
