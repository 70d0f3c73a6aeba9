"""`make audit` runs these in an environment of their own; in any other there is nothing to run them with."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("pip_audit") else ["test_*.py"]
