"""Wheels: which of the fetched ones an artifact was made of, and what of them is still in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.parser import Parser
from functools import cached_property
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING
from zipfile import ZipFile

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

# Made by whoever installs the wheel.
INSTALLED = ("INSTALLER", "REQUESTED", "direct_url.json", "RECORD")


@dataclass(frozen=True)
class Wheel:
    """One fetched wheel, as its file and as the folder in the artifact that describes it."""

    path: Path
    dist_info: str
    metadata: Message

    @property
    def name(self) -> str:
        """The name as it is compared: `python-dateutil`."""
        return canonical(self.metadata["Name"])

    @property
    def version(self) -> str:
        """As the package itself says it."""
        return str(self.metadata["Version"])

    @property
    def purl(self) -> str:
        """The package's address among all packages."""
        return f"pkg:pypi/{self.name}@{self.version}"

    @cached_property
    def sha256(self) -> str:
        """The digest that a lock pins."""
        return sha256(self.path.read_bytes()).hexdigest()

    @cached_property
    def digests(self) -> dict[str, str]:
        """Each file of the wheel and the digest of its bytes."""
        with ZipFile(self.path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            return {name: sha256(archive.read(name)).hexdigest() for name in names}

    @property
    def files(self) -> set[str]:
        """The names of its files."""
        return set(self.digests)

    @property
    def written(self) -> set[str]:
        """What installing it may have added."""
        return {f"{self.dist_info}/{name}" for name in INSTALLED}

    @property
    def needs(self) -> set[str]:
        """The names of what it requires, its extras aside."""
        required = (one for one in self.metadata.get_all("Requires-Dist") or [] if "extra ==" not in one)
        return {canonical(re.split(r"[^A-Za-z0-9._-]", one, maxsplit=1)[0]) for one in required}

    def carried(self, artifact: Path) -> set[str]:
        """Those of its files that are in the artifact."""
        return {name for name in self.files if (artifact / name).is_file()}

    def changed(self, artifact: Path) -> set[str]:
        """Those of them that have other bytes there."""
        return {name for name in self.carried(artifact) if digest(artifact / name) != self.digests[name]}

    def is_used(self, artifact: Path) -> bool:
        """Whether more of it is there than its description."""
        return any(not name.startswith(f"{self.dist_info}/") for name in self.carried(artifact))


def canonical(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def digest(file: Path) -> str:
    """The digest of a file's bytes."""
    return sha256(file.read_bytes()).hexdigest()


def wheel_of(described: Path, store: Path) -> Wheel:
    """The wheel that this description in an artifact came with: of this name, version and these tags."""
    metadata = Parser().parsestr((described / "METADATA").read_text(encoding="utf-8"))
    tags = set(re.findall(r"^Tag: (\S+)", (described / "WHEEL").read_text(encoding="utf-8"), re.MULTILINE))
    stem = described.name.removesuffix(".dist-info")
    for path in sorted(store.glob(f"{stem}-*.whl")):
        parts = path.stem.split("-")[-3:]
        if tags == {"-".join(one) for one in product(*(part.split(".") for part in parts))}:
            return Wheel(path, described.name, metadata)
    raise LookupError(f"no wheel in {store} is the one of {described.name}")


def carried_wheels(artifact: Path, store: Path, lock: str) -> list[Wheel]:
    """The wheels that the artifact carries something of, by name; each must be pinned by its hash in the lock."""
    wheels = [wheel_of(described, store) for described in sorted(artifact.glob("*.dist-info"))]
    for wheel in wheels:
        if f"--hash=sha256:{wheel.sha256}" not in lock:
            raise LookupError(f"{wheel.path.name} is not what the lock pins")
    return sorted((wheel for wheel in wheels if wheel.is_used(artifact)), key=lambda wheel: wheel.name)
