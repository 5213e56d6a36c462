"""The command ``notify``: writes the notices that are owed, and sends what is due. For a timer: docs/operations.md."""

from __future__ import annotations

import typer

from wardstats.cli.console import Data, Var, errors
from wardstats.core.settings import settings
from wardstats.intake.notices.sending import notify as send
from wardstats.intake.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(notify)


def notify(data: Data = None, var: Var = None) -> None:
    """Write what people are owed to be told into the outbox, then send what is due; exit 1 if something went wrong."""
    report = send(Workspace.of(settings(data, var)))
    print(
        f"{report.written} written, {report.sent} sent, {report.waiting} waiting, {report.dropped} dropped, "
        f"{report.given_up} given up"
    )
    if report.doubtful:
        errors.print(f"{report.doubtful} may come twice: the courier was stopped before it heard the server's answer.")
    for trouble in report.troubles:
        errors.print(trouble, markup=False)
    if report.troubles:
        raise typer.Exit(1)
