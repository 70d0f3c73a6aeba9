"""A snapshot of a started function may be begun from many times over: its start keeps nothing that ages or is unique.

With `SnapStart`, Lambda starts a function once, when its version is published, and makes every container of that state.
"""

from __future__ import annotations

import subprocess
import sys

from smartident_laptop.template import ROOT

START = '''
"""Starts functions and tells what they looked at that is another thing in the next container."""
import datetime, os, random, sys, sysconfig, time
from importlib import import_module
from pathlib import Path

FUNCTIONS, STDLIB = str(Path.cwd()), sysconfig.get_path("stdlib")
found = []


def is_standard(path):
    return path.startswith(("<", STDLIB)) and "site-packages" not in path


def note(what, *, by_anyone=False):
    frame = sys._getframe(2)
    while frame and is_standard(frame.f_code.co_filename):
        frame = frame.f_back
    who = frame.f_code.co_filename if frame else ""
    if by_anyone or who.startswith(FUNCTIONS) and "site-packages" not in who:
        found.append(f"{what} by {who}")


def watch(holder, name, **how):
    answer = getattr(holder, name)

    def asked(*given, **named):
        note(name, **how)
        return answer(*given, **named)

    setattr(holder, name, asked)


class Clock(datetime.datetime):
    @classmethod
    def now(cls, *given):
        note("now")
        return super().now(*given)


class Environment(type(os.environ)):
    def __getitem__(self, name):
        note(f"{name} of the environment")
        return super().__getitem__(name)


for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter"):
    watch(time, name)
for name in ("random", "getrandbits", "randrange"):
    watch(random, name)
watch(os, "urandom", by_anyone=True)
random._urandom = os.urandom
datetime.datetime = Clock
os.environ.__class__ = Environment
doors = {"socket.connect", "socket.getaddrinfo"}
sys.addaudithook(lambda event, given: note(event, by_anyone=True) if event in doors else None)
sys.modules["urllib3.contrib.pyopenssl"] = None

for function in sys.argv[1:]:
    import_module(function + ".handler")
for holder, names in {"settings": ["settings"], "crypto.pepper": ["pepper"], "aws": ["client", "_session"]}.items():
    kept = [name for name in names if getattr(sys.modules["smartident." + holder], name).cache_info().currsize]
    found += [f"{name} is kept" for name in kept]
print(*found, sep="\\n")
'''


def test_starts_open_no_door_and_read_no_setting_clock_or_chance() -> None:
    handlers = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
    told = subprocess.run(  # noqa: S603  our own modules
        [sys.executable, "-c", START, *handlers],
        cwd=ROOT / "functions",
        env={"PYTHONPATH": "."},
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout == "\n"
