"""sam_local.py SAM TEMPLATE [PORT]: what `sam local invoke` needs to run a function against the running laptop stack.

Beside the built template it writes `local.json`, the same template with AWS_ENDPOINT_URL among the variables (SAM hands
on no variable that the template does not name), and `environment.json`, the running stack's environment.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from smartident_client.run_file import read_run_file, run_file
from smartident_laptop.intrinsics import load

ROOT = Path(__file__).resolve().parent.parent
PORT = 8080
MINE_ALONE = 0o600
# The origin that events/ come from.
PAGE = "https://financeapp.example"


def write(template: Path, environment: dict[str, str]) -> tuple[Path, Path]:
    """Write both files; the environment, which tells where the pepper is, for its owner alone."""
    document = load(template)
    document["Globals"]["Function"]["Environment"]["Variables"]["AWS_ENDPOINT_URL"] = ""
    local, file = template.with_name("local.json"), template.with_name("environment.json")
    local.write_text(json.dumps(document, indent=1, default=str), encoding="utf-8")
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MINE_ALONE), "w", encoding="utf-8") as paper:
        json.dump({"Parameters": environment}, paper, indent=1)
    return local, file


def main(sam: Path, template: Path, port: int) -> int:
    """Write them and tell how they are used, as a command for the shell; 1 if no stack runs."""
    running = read_run_file(run_file(port))
    if running is None:
        print(f"nothing runs on port {port}: start it with make run in another terminal")
        return 1
    lists = ("ALLOWED_ORIGINS", "CLIENT_ORIGINS")
    origins = {name: f"{running.environment[name]},{PAGE}" for name in lists}
    local, environment = write(template, {**running.environment, **origins})
    print("AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=eu-central-1 SAM_CLI_TELEMETRY=0 \\")
    print(f"{sam} local invoke Login --template {local} --env-vars {environment} \\")
    print("    --docker-network host --event events/post-v1-logins.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else PORT))
