"""The bill of materials lists what the lock lists: every package, its version and its digests, and nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.bill_of_materials import LOCK, bill_of_materials, read_lock

TEXT = LOCK.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def written() -> str:
    return bill_of_materials(read_lock(TEXT))


@pytest.fixture(scope="module")
def bill(written: str) -> dict[str, Any]:
    return json.loads(written)


def test_it_is_cyclonedx(written: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None


def test_packages_versions_and_digests_are_those_of_the_lock(bill: dict[str, Any]) -> None:
    """Read here line by line, in another way than the bill reads it."""
    locked: dict[tuple[str, str], set[str]] = {}
    pin = ("", "")
    for line in TEXT.splitlines():
        if found := re.match(r"([a-z0-9-]+)==(\S+)", line):
            pin = (found[1], found[2])
        elif digest := re.match(r"    --hash=sha256:(\w{64})", line):
            locked.setdefault(pin, set()).add(digest[1])
    listed = {
        (part["name"], part["version"]): {
            entry["content"] for file in part["externalReferences"] for entry in file["hashes"]
        }
        for part in bill["components"]
    }
    assert listed == locked
    assert len(listed) > 50
    assert {part["purl"] for part in bill["components"]} == {f"pkg:pypi/{name}@{version}" for name, version in locked}


def test_every_package_is_there_because_of_the_program(bill: dict[str, Any]) -> None:
    wants = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    reached, ahead = set(), ["wardstats"]
    while ahead:
        reached.add(name := ahead.pop())
        ahead += [wanted for wanted in wants[name] if wanted not in reached]
    assert reached - {"wardstats"} == {part["bom-ref"] for part in bill["components"]}
    assert "starlette" in wants["streamlit"]


@pytest.mark.parametrize(
    "line", ["example==1.0", "example==1.0 \\\n    # via other", "https://example.test/example.whl"]
)
def test_a_line_without_digests_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="make lock"):
        read_lock(f"{TEXT}{line}\n")
