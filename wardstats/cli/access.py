"""The command ``access``: who has which role, or every fault of access.toml. Format: docs/handin.md."""

from __future__ import annotations

import typer

from wardstats.cli.console import Var
from wardstats.core.settings import settings
from wardstats.ledger.access import PeopleError, people_path, read_people


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(access)


def access(var: Var = None) -> None:
    """Check the file of roles: list who has which, or every fault."""
    path = people_path(settings(var=var))
    try:
        people = read_people(path)
    except PeopleError as error:
        typer.echo(error.faults, err=True)
        raise typer.Exit(1) from None
    for person in people.file.person:
        typer.echo(" ".join(filter(None, (person.role, person.unit, person.email or person.subject))))
    for grant in people.file.grant:
        typer.echo(" ".join(filter(None, (grant.role, grant.unit, f"{people.file.claim} = {grant.value}"))))
