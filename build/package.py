"""package.py BUILD: makes what `sam build` left start faster, in place.

Lambda's task root is read-only, so without bytecode every cold start compiles every module; and botocore carries the
descriptions of hundreds of services of which this one calls five. Run by Lambda's own Python version.
"""

from __future__ import annotations

import compileall
import shutil
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

SERVICES = {"apigatewaymanagementapi", "dynamodb", "kms", "secretsmanager", "sns"}
TASK_ROOT = "/var/task"


def keep_called_services(artifact: Path) -> None:
    """Remove botocore's descriptions of the services that nothing here calls."""
    for folder in (artifact / "botocore" / "data").glob("*/"):
        if folder.name not in SERVICES:
            shutil.rmtree(folder)


def add_bytecode(artifact: Path) -> bool:
    """Compile every module, the same bytes each time; whether all of them compiled."""
    return bool(
        compileall.compile_dir(
            artifact,
            stripdir=str(artifact),
            prependdir=TASK_ROOT,
            quiet=1,
            force=True,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
    )


def main(build: Path) -> int:
    """Treat every artifact of a build; 1 if there is none or a module does not compile."""
    artifacts = [folder for folder in sorted(build.glob("*/")) if (folder / "smartident").is_dir()]
    compiled = []
    for artifact in artifacts:
        keep_called_services(artifact)
        compiled.append(add_bytecode(artifact))
        megabytes = sum(file.stat().st_size for file in artifact.rglob("*") if file.is_file()) / 1e6
        print(f"{artifact.name}: {megabytes:.1f} MB with bytecode")
    return 0 if compiled and all(compiled) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
