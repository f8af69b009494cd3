"""The commands of the ledger of actions: `coach` marks one, `actions` lists all with what they were seen to do."""

import datetime as dt
from contextlib import closing
from typing import Annotated

import polars as pl
import typer

from dashboard import coaching
from dashboard.arguments import FormatOption, WorkspaceOption
from dashboard.measure import open_source
from dashboard.output import Format, print_frame
from data.actions import Action, noted, strike
from data.errors import LogError
from data.store import open_workspace


def coach(  # noqa: PLR0913 - each is an option of the command
    *,
    reviewers: Annotated[
        list[str] | None, typer.Argument(help="Whom it was for: reviewers' ids as in the log.")
    ] = None,
    workspace: WorkspaceOption,
    on: Annotated[str, typer.Option(help="The day (UTC) from which it counts, such as 2025-03-01.")],
    team: Annotated[str, typer.Option(help="A team instead: all who are in it now.")] = "",
    signal: Annotated[str, typer.Option(help="What was seen.")] = "",
    cause: Annotated[str, typer.Option(help="Why it was so.")] = "",
    action: Annotated[str, typer.Option(help="What was done about it.")] = "coaching",
    by: Annotated[str, typer.Option(help="Who notes this.")] = "",
    days: Annotated[int, typer.Option(help="How many days before and since it is judged by.")] = coaching.DAYS,
) -> None:
    """Mark the day on which people were coached; `evenhand actions` then tells what it did."""
    if team and reviewers:
        raise LogError("An action is for reviewers or for a --team, not for both.")
    try:
        day = dt.date.fromisoformat(on)
    except ValueError:
        raise LogError(f"--on {on!r} is not a day: write it as 2025-03-01.") from None
    told = Action(tuple(reviewers or ()), day, days, team, signal, cause, action, by)
    with closing(open_workspace(workspace)) as opened:
        number = coaching.mark(workspace, open_source(opened), told)
    print(f"Noted as action {number}; judged by the days from {told.since} to {told.until}.")  # noqa: T201 - this is the output


def actions(
    *,
    workspace: WorkspaceOption,
    strike_out: Annotated[
        int | None, typer.Option("--strike", metavar="NUMBER", help="Take an action out that was noted by mistake.")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the actions, the newest first, with what accuracy did since, beyond what was to be expected."""
    if strike_out is not None:
        strike(workspace, strike_out)
    with closing(open_workspace(workspace)) as opened:
        found = coaching.ledger(open_source(opened), noted(workspace))
    flat = found.with_columns(pl.col("reviewers").list.join(" "))
    print_frame(flat if form in (Format.CSV, Format.TABLE) else found, form)
