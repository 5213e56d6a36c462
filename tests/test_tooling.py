"""The project's own tools: locks, Makefile, the search for a browser."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import programs
from tests.bill_of_materials import Pin, read_lock
from tests.browser import chromium
from tests.conftest import LONGEST
from tests.serving import served_by
from wardstats.core.settings import PROJECT

PROJECT_TABLE = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN = PROJECT_TABLE["dependencies"]
TEST = RUN + PROJECT_TABLE["optional-dependencies"]["test"]


def _pins(name: str) -> dict[str, Pin]:
    pins = read_lock((PROJECT / name).read_text(encoding="utf-8"))
    return {canonicalize_name(pin.requirement.name): pin for pin in pins}


@pytest.mark.parametrize(("lock", "wanted"), [("requirements.txt", RUN), ("requirements-test.txt", TEST)])
def test_lock_pins_what_pyproject_asks_for(lock: str, wanted: list[str]) -> None:
    pins = _pins(lock)
    for text in wanted:
        requirement = Requirement(text)
        pin = pins.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{lock} lacks {requirement.name}; run make lock"
        assert pin.version in requirement.specifier, f"{lock}: {pin} is not {requirement}; run make lock"


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-test.txt"])
def test_lock_names_no_registry_and_no_path(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")
    assert not re.search(r"^\s*-(?!-hash=sha256:)|://|file:|@ ", text, re.MULTILINE)


def test_both_locks_pin_the_same_files() -> None:
    run, test = _pins("requirements.txt"), _pins("requirements-test.txt")
    assert run.keys() <= test.keys()
    for name, pin in run.items():
        assert (pin.version, pin.digests) == (test[name].version, test[name].digests), name


def _imports(*places: str) -> set[str]:
    """Return the names of the packages that our code imports, without Python's own and without ours."""
    found = set()
    for file in (file for place in places for file in PROJECT.glob(place)):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(str(node.module).partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"wardstats", "tests"}


@pytest.mark.parametrize(
    ("places", "declared"),
    [(("wardstats/**/*.py", "pages/*.py", "dashboard.py", "server.py"), RUN), (("tests/**/*.py",), TEST)],
    ids=["program", "tests"],
)
def test_whatever_is_imported_is_declared(places: tuple[str, ...], declared: list[str]) -> None:
    """A package that only comes along with another one may be gone with its next version."""
    names = {canonicalize_name(Requirement(text).name) for text in declared}
    names.add(canonicalize_name("pydantic-core"))  # the other half of pydantic, which pins it
    brought_by = packages_distributions()
    missing = {name for name in _imports(*places) if not names & set(map(canonicalize_name, brought_by.get(name, [])))}
    assert not missing, f"add to pyproject.toml and run make lock: {sorted(missing)}"


def _make(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    # Not what an outer `make test VENV=... PORT=...` was told.
    outer = {"MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL", "VENV", "PORT", "HOST", "PYTHON", "ARGS", "WORKERS"}
    environment = {name: value for name, value in os.environ.items() if name not in outer} | settings
    return subprocess.run(
        ["make", *arguments], cwd=PROJECT, env=environment, capture_output=True, encoding="utf-8", check=False
    )


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="no make here; see README for Windows")


@needs_make
@pytest.mark.parametrize(
    "target",
    [
        "help",
        "run",
        "build",
        "boundaries",
        "test",
        "test-quick",
        "hostile",
        "browser",
        "programs",
        "check",
        "format",
        "bench",
        "lock",
        "sbom",
    ],
)
def test_targets_exist_and_are_listed(target: str, tmp_path: Path) -> None:
    dry = _make("-n", target, f"VENV={tmp_path / 'venv'}")
    assert dry.returncode == 0, dry.stderr
    assert f"make {target} " in _make("help").stdout


@needs_make
def test_run_uses_the_port_and_installs_the_run_lock_only(tmp_path: Path) -> None:
    dry = _make("-n", "run", "PORT=8599", f"VENV={tmp_path / 'venv'}").stdout
    command = " ".join(served_by(8599)[1:])
    assert command.replace("127.0.0.1", "localhost") in dry, "tests drive another server than make run starts"
    assert "-r requirements.txt" in dry
    assert "requirements-test.txt" not in dry


@needs_make
@pytest.mark.parametrize("target", ["run", "test"])
def test_packages_are_installed_once_for_each_content_of_a_lock(target: str, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    assert "pip install" in _make("-n", target, f"VENV={venv}").stdout
    for mark in re.findall(rf"{re.escape(str(venv))}/\.(?:run|test)-\d+", _make("-n", target, f"VENV={venv}").stdout):
        Path(mark).touch()
    assert "pip install" not in _make("-n", target, f"VENV={venv}").stdout


def _package(folder: Path, content: str) -> Path:
    """Write a package of one module, as the index of packages would hand it out."""
    folder.mkdir()
    about = "example_package-1.0.dist-info"
    files = {
        "example_package.py": content,
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: example-package\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: none\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    path = folder / "example_package-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


@needs_make
@pytest.mark.hostile("packages that are not those of the lock")
@pytest.mark.parametrize(
    ("lock", "lets_in"),
    [
        ("example-package==1.0 --hash=sha256:{digest}", True),
        ("example-package==1.0 --hash=sha256:{other}", False),
        ("example-package==1.0", False),
        ("example-package --hash=sha256:{digest}", False),
    ],
    ids=["as locked", "altered", "without a digest", "any version"],
)
@pytest.mark.parametrize("target", ["build", "check"])
def test_only_files_of_the_lock_are_installed(tmp_path: Path, target: str, lock: str, *, lets_in: bool) -> None:
    dry = _make("-n", target, f"VENV={tmp_path / 'venv'}").stdout
    (command,) = [line for line in dry.splitlines() if "pip install" in line]
    flags = [word for word in command.split() if word.startswith("--") and word != "--quiet"]
    assert _is_installed(tuple(flags), lock) is lets_in


@cache
def _is_installed(flags: tuple[str, ...], lock: str) -> bool:
    """Tell whether pip, with these flags, installs a package by a line of a lock; both targets give the same ones."""
    with TemporaryDirectory() as folder:
        known, file = (_package(Path(folder, name), f"WHO = {name!r}\n") for name in ("known", "served"))
        digests = {"other": sha256(known.read_bytes()).hexdigest(), "digest": sha256(file.read_bytes()).hexdigest()}
        (locked, target) = (Path(folder, name) for name in ("lock.txt", "installed"))
        locked.write_text(f"{lock.format(**digests)}\n", encoding="utf-8")
        index = ["--no-index", "--find-links", str(file.parent), "--target", str(target)]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", *flags, *index, "-r", str(locked)],
            env={name: value for name, value in os.environ.items() if not name.startswith("PIP_")},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        is_there = (target / "example_package.py").is_file()
    assert is_there is (done.returncode == 0), done.stderr
    return is_there


@needs_make
@pytest.mark.parametrize(
    ("answer", "message"),
    [("exit 1", "Python 3.11 or newer is needed"), (None, "Install Python 3.11 or newer")],
)
def test_an_old_or_absent_python_is_told_in_words(tmp_path: Path, answer: str | None, message: str) -> None:
    python = tmp_path / "python-of-old"
    if answer:
        python.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 || {answer}\n', encoding="utf-8")
        python.chmod(0o755)
    done = _make("run", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}")
    assert done.returncode != 0
    assert message in done.stderr
    assert not (tmp_path / "venv").exists()


def _texts_of_the_project() -> dict[str, str]:
    """Return what may start a server: every text file but the settings themselves, and what is made or fetched."""
    places = ("Makefile", ".ci/*", "*.md", "docs/**/*.md", "*.py", "pages/*.py", "wardstats/**/*.py", "tests/**/*.py")
    files = {path for place in places for path in PROJECT.glob(place) if path.is_file()}
    return {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_the_files_that_are_run_first_are_there() -> None:
    assert [path for path in LONGEST if not path.is_file()] == []


def test_a_served_product_has_its_settings_in_one_place() -> None:
    """The watcher was off in every test and benchmark, and on for everybody who ran `make run`."""
    settings = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["fileWatcherType"] == "none"
    assert settings["server"]["headless"] is True
    assert settings["runner"]["postScriptGC"] is False
    texts = _texts_of_the_project()
    assert {"Makefile", "docs/operations.md", "tests/serving.py"} <= texts.keys()
    # The flag as an argument, the variable, the call: whatever sets one of Streamlit's settings of a server.
    given = re.compile(r"--(server\.\w+)|STREAMLIT_(SERVER_\w+)|set_option\(\s*[\"'](server\.\w+)")
    found = {(name, setting) for name, text in texts.items() for match in given.findall(text) for setting in match}
    allowed = {"server.port", "server.address", "server.baseUrlPath", ""}
    others = {(name, setting) for name, setting in found if setting not in allowed}
    told = ("CONTRIBUTING.md", "CHANGELOG.md", "tests/bench/bench_visit_cpu.py")
    watching = {(name, "server.fileWatcherType") for name in told}
    sooner = {("tests/frontend/test_uploads.py", "SERVER_DISCONNECTED_SESSION_TTL")}  # nobody waits two minutes for it
    assert others == watching | sooner, "put it into .streamlit/config.toml"
    assert [name for name, text in texts.items() if re.search(r'"streamlit",\s+"run"', text)] == ["tests/serving.py"]


def test_without_any_browser_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tried = []
    monkeypatch.delenv("WARDSTATS_CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "candidates", list)
    monkeypatch.setattr(chromium.subprocess, "run", lambda command, **_: tried.append(command))
    with pytest.raises(SystemExit, match="make test") as stopped:
        chromium.main()
    assert stopped.value.code  # a text is printed, and the exit code is 1
    assert ["playwright", "install", "chromium"] == tried[-1][-3:]


def test_a_named_browser_that_does_not_start_is_not_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WARDSTATS_CHROMIUM", str(tmp_path / "none"))
    monkeypatch.setattr(chromium.subprocess, "run", lambda *_, **__: pytest.fail("something was installed"))
    assert chromium.ensure_chromium() is None


def test_root_on_debian_gets_the_distribution_package_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0, raising=False)
    first, last = chromium.install_commands()
    assert first[-1][0] == "apt-get"
    assert first[-1][-1] == "chromium"
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000, raising=False)
    assert chromium.install_commands() == [last]


@pytest.mark.parametrize("user", [0, 1000])
def test_programs_that_are_not_there_are_installed_or_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], user: int
) -> None:
    tried = []
    monkeypatch.setattr(programs, "find_program", lambda name: None)
    monkeypatch.setattr(programs.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(programs.os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(programs.subprocess, "run", lambda command, **_: tried.append(command[-1]))
    programs.main()
    parts = [
        name for part in ("calc", "writer", "impress") for name in (f"libreoffice-{part}-nogui", f"libreoffice-{part}")
    ]
    packages = [*parts, "poppler-utils"]
    assert tried == ([] if user else ["update", *packages])
    wanted = "apt-get install libreoffice-calc libreoffice-writer libreoffice-impress poppler-utils"
    assert wanted in capsys.readouterr().err
    with pytest.raises(AssertionError, match="apt-get install poppler-utils"):
        programs.program("pdftotext")
