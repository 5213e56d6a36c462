"""Finds a Chromium that starts, or installs one: ``python tests/browser/chromium.py`` (what ``make browser`` runs).

The browser tests and the Makefile share it, so that what was installed is what is driven. It never gives up quietly.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

# No sandbox, because containers and root have none; nothing that talks to the network by itself; and no name but this
# machine's resolves, so that a page that needs the internet fails here even where there is internet.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
_NAMES = ("chromium", "chromium-browser")
_ADVICE = (
    "No Chromium could be started or installed, so the browser tests cannot run. Install one, as root on Debian:\n"
    "    apt-get install chromium\n"
    "or as any user, with what it needs:\n"
    "    python -m playwright install --with-deps chromium\n"
    "or name the one you have: WARDSTATS_CHROMIUM=/path/to/chromium make test"
)


def candidates() -> list[str]:
    """Return the browsers that are there, the preferred one first; a named one is the only one."""
    if named := os.environ.get("WARDSTATS_CHROMIUM"):
        return [named]
    system = [path for name in _NAMES if (path := shutil.which(name))]
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return system + ([own] if Path(own).is_file() else [])


def why_not(path: str) -> str | None:
    """Start the browser once; return what is wrong with it, or None."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            browser.new_page().goto("about:blank")
            browser.close()
    except Error as error:
        return str(error).strip()
    return None


def find_chromium() -> str | None:
    """Return the path of a Chromium that starts, or None."""
    for path in candidates():
        problem = why_not(path)
        if problem is None:
            return path
        print(f"{path} does not start: {problem}", file=sys.stderr)
    return None


def install_commands() -> list[list[list[str]]]:
    """Return the ways to install one, best first, each a list of commands."""
    ways = []
    if shutil.which("apt-get") and os.geteuid() == 0:
        ways.append(
            [
                ["apt-get", "-q", "-o", "Acquire::Retries=5", "update"],
                ["apt-get", "-q", "-o", "Acquire::Retries=5", "install", "-y", "--no-install-recommends", "chromium"],
            ]
        )
    ways.append([[sys.executable, "-m", "playwright", "install", "chromium"]])
    return ways


def ensure_chromium() -> str | None:
    """Return the path of a Chromium that starts, installing one where there is none; None where that fails too."""
    found = find_chromium()
    if found or os.environ.get("WARDSTATS_CHROMIUM"):
        return found
    for commands in install_commands():
        for command in commands:
            print("No Chromium yet:", " ".join(command), flush=True)
            # A failed `update` need not matter, and a failed install shows in there being no browser.
            subprocess.run(
                command, check=False, stdin=subprocess.DEVNULL, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            )
        if found := find_chromium():
            return found
    return None


def main() -> None:
    """Print the path, or say what to do and exit 1."""
    path = ensure_chromium()
    if path is None:
        sys.exit(_ADVICE)
    print(f"Browser tests use {path}")


if __name__ == "__main__":
    main()
