"""The command `explain`: what of a change is other cases, and what other answers to them."""

from contextlib import closing
from typing import Annotated

import typer

from dashboard import explanation
from dashboard.arguments import FormatOption, SetOption, SinceOption, UntilOption, WhereOption, WorkspaceOption
from dashboard.measure import open_source
from dashboard.output import Format, print_frame
from dashboard.request import read_request
from data.store import open_workspace


def explain(  # noqa: PLR0913 - each is an option of the command
    *,
    metric: Annotated[str, typer.Argument(help="A metric that is a mean, such as accuracy or percent_agreement.")],
    workspace: WorkspaceOption,
    by: Annotated[str | None, typer.Option(help="Up to three dimensions, the coarsest first.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    against: Annotated[str | None, typer.Option(help="The earlier window, as 2025-02-01..2025-02-28.")] = None,
    where: WhereOption = None,
    settings: SetOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Explain what changed between two windows: other cases, or other answers to the same kinds of cases."""
    days = read_request(since=since, until=until).filters
    with closing(open_workspace(workspace)) as opened:
        source, rule = open_source(opened), opened.settings.repeats
        asked = read_request(by=by, where=where or (), settings=settings or (), repeats=rule)
        chosen = explanation.windows(source, days.since, days.until, explanation.read_window(against))
        told = explanation.explain(
            source, metric, chosen, filters=asked.filters, levels=asked.by, options=asked.options
        )
    if form is Format.TABLE:
        print(explanation.sentence(told).replace("*", ""))  # noqa: T201 - this is the output
    print_frame(told.terms, form)
