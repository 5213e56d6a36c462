"""Writes the bill of materials: every package that the program runs with, as CycloneDX JSON. ``make sbom`` runs it.

All of it is read from requirements.txt: names, versions, digests of the files that may be installed, and which package
is there because of which. So it is the same on every machine, and needs no network.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement

from wardstats.core.settings import PROJECT

LOCK = PROJECT / "requirements.txt"
# A line of a lock, the digests below it, and the remark that says who wants it.
_PIN = re.compile(
    r"^(?P<pin>[^\s#].*?) \\\n(?P<digests>(?:    --hash=.*\n)+)(?P<wanted_by>(?:    #.*\n)*)", re.MULTILINE
)


@dataclass(frozen=True)
class Pin:
    """One package of a lock.

    Attributes:
        requirement: Its name and version, and where it is needed.
        digests: SHA-256 of each file that may be installed.
        wanted_by: Names of the packages that ask for it; "wardstats (pyproject.toml)" is the program itself.
    """

    requirement: Requirement
    digests: frozenset[str]
    wanted_by: frozenset[str]

    @property
    def version(self) -> str:
        """Return its version; the lock pins one exactly."""
        (specifier,) = self.requirement.specifier
        assert specifier.operator == "==", f"{self.requirement} is not pinned"
        return specifier.version


def read_lock(text: str) -> list[Pin]:
    """Return the packages of a lock.

    Raises:
        ValueError: A line is no pin with digests.
    """
    rest = _PIN.sub("", text)
    if left := [line for line in rest.splitlines() if line and not line.startswith("#")]:
        raise ValueError(f"{left[0]!r}: expected a pin with the digests of its files below it. Run: make lock")
    return [
        Pin(
            Requirement(found["pin"]),
            frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", found["digests"])),
            frozenset(re.findall(r"#(?: via|  ) ([^\s-].*)$", found["wanted_by"], re.MULTILINE)),
        )
        for found in _PIN.finditer(text)
    ]


def bill_of_materials(pins: list[Pin]) -> str:
    """Return the bill of materials, as JSON."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    root = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
        description=project["description"],
        licenses=[DisjunctiveLicense(id=project["license"])],
    )
    components = {pin.requirement.name: _component(pin) for pin in pins}
    bom = Bom(components=components.values())
    bom.metadata.component = root
    for wanting in (root, *components.values()):
        bom.register_dependency(
            wanting,
            [components[pin.requirement.name] for pin in pins if wanting.name in _names(pin.wanted_by)],
        )
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _names(wanted_by: frozenset[str]) -> set[str]:
    return {name.removesuffix(" (pyproject.toml)") for name in wanted_by}


def _component(pin: Pin) -> Component:
    url = PackageURL("pypi", name=pin.requirement.name, version=pin.version)
    files = [HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in sorted(pin.digests)]
    marker = pin.requirement.marker
    return Component(
        name=pin.requirement.name,
        version=pin.version,
        bom_ref=pin.requirement.name,
        purl=url,
        description=f"Needed only where {marker}" if marker else None,
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(url.to_string()),
                hashes=files,
                comment="Every file that may be installed, for all systems",
            )
        ],
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(
        bill_of_materials(read_lock(LOCK.read_text(encoding="utf-8"))) + "\n", encoding="utf-8"
    )
