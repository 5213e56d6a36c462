"""The plan of the code: which module lies where, and which test belongs to it. Who may import whom: ``make check``."""

from __future__ import annotations

from pathlib import Path

import pytest

from wardstats.core.settings import PROJECT

CODE, TESTS = PROJECT / "wardstats", PROJECT / "tests"
LONG = 60  # lines: a module beyond has a test of its own name
NOT_MIRRORED = {"bench", "browser", "load", "queries", "small"}  # about what users meet, or about the SQL files


def modules() -> list[Path]:
    return sorted(path.relative_to(CODE) for path in CODE.rglob("*.py") if path.name != "__init__.py")


def mirrored() -> list[Path]:
    found = (path.relative_to(TESTS) for path in TESTS.rglob("test_*.py"))
    return sorted(path for path in found if len(path.parts) > 1 and path.parts[0] not in NOT_MIRRORED)


def without_own_test() -> set[str]:
    """Return the modules of more than 60 lines of which no test file has the name."""
    tested = {(test.parent, test.stem.removeprefix("test_")) for test in mirrored()}
    return {
        module.as_posix()
        for module in modules()
        if len((CODE / module).read_text(encoding="utf-8").splitlines()) > LONG
        and not any(
            folder == module.parent and (name == module.stem or name.startswith(f"{module.stem}_"))
            for folder, name in tested
        )
    }


def test_no_module_lies_loose() -> None:
    assert [path.name for path in modules() if len(path.parts) == 1] == ["__main__.py"]


@pytest.mark.parametrize("test", mirrored(), ids=str)
def test_a_test_lies_where_its_module_does(test: Path) -> None:
    """``tests/core/test_rows.py`` is about ``wardstats/core/rows.py``; ``test_rows_large.py`` would be, too."""
    words = test.stem.removeprefix("test_").split("_")
    names = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
    assert any((CODE / test.parent / name).is_dir() or (CODE / test.parent / f"{name}.py").is_file() for name in names)


def test_a_long_module_has_a_test_of_its_name() -> None:
    """Those of the list are tested through others so far; nothing is added to it, and what has got a test leaves it."""
    listed = set((TESTS / "tested_through_others.txt").read_text(encoding="utf-8").split())
    missing, done = without_own_test() - listed, listed - without_own_test()
    assert not missing, f"write tests/<package>/test_<module>.py for {', '.join(sorted(missing))}"
    assert not done, f"take out of tests/tested_through_others.txt: {', '.join(sorted(done))}"
