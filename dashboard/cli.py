"""The command line: the same answers as the pages, for scripts and cron."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from dashboard import (
    acting,
    answers,
    calibrating,
    calibration,
    data_commands,
    explaining,
    keeping,
    rolling,
    sentences,
    serving,
    thresholding,
)
from dashboard.arguments import FormatOption, SetOption, SinceOption, UntilOption, WhereOption, WorkspaceOption
from dashboard.measure import Source, open_source
from dashboard.output import Format, print_frame, print_json, print_table
from dashboard.request import Request, read_request
from data.errors import LogError
from data.store import open_workspace

app = typer.Typer(
    help="Review quality for content moderation, with honest uncertainty.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for command in (
    *(data_commands.init, data_commands.load, data_commands.simulate, data_commands.demo),
    *(keeping.compact, keeping.forget, rolling.rollup, acting.coach, acting.actions),
    *(explaining.explain, thresholding.threshold),
):
    app.command()(command)

app.add_typer(keeping.erase, name="erase")
app.add_typer(calibrating.app, name="calibration")


@app.command()
def metrics(*, as_json: Annotated[bool, typer.Option("--json", help="Print the catalogue as JSON.")] = False) -> None:
    """List the metrics: what each asks, its formula, its interval and its source."""
    catalogue = answers.catalogue()
    if as_json:
        print_json(catalogue.to_dicts())
    else:
        print_table(catalogue.select("name", "title", "unit", "min_n", "question"))


@app.command()
def show(
    *,
    metric: Annotated[str, typer.Argument(help="A metric's name; `evenhand metrics` lists them.")],
    workspace: WorkspaceOption,
    by: Annotated[str | None, typer.Option(help="Dimensions to cut by, separated by commas.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    where: WhereOption = None,
    settings: SetOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a metric with its interval and n, for everything or per slice."""
    with _asked(workspace, by=by, since=since, until=until, where=where, settings=settings) as (source, asked):
        print_frame(answers.estimates(source, metric, asked), form)


@app.command()
def matrix(
    *,
    kind: Annotated[str, typer.Argument(help="confusion (right label × given label) or pairs (reviewer × reviewer).")],
    workspace: WorkspaceOption,
    since: SinceOption = None,
    until: UntilOption = None,
    where: WhereOption = None,
    settings: SetOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the confusion matrix against gold, or every pair of reviewers."""
    with _asked(workspace, since=since, until=until, where=where, settings=settings) as (source, asked):
        print_frame(answers.matrix(source, kind, asked), form)


@app.command()
def aggregate(
    *,
    method: Annotated[str, typer.Argument(help="majority or dawid-skene.")],
    workspace: WorkspaceOption,
    since: SinceOption = None,
    until: UntilOption = None,
    where: WhereOption = None,
    settings: SetOption = None,
    labels: Annotated[
        Path | None, typer.Option(help="Write item, label, probability to this CSV or Parquet file.")
    ] = None,
    form: FormatOption = Format.JSON,
) -> None:
    """Find one label per item from many reviewers, and score it against gold."""
    with _asked(workspace, since=since, until=until, where=where, settings=settings) as (source, asked):
        summary, found = answers.aggregate(source, method, asked)
    if labels is not None:
        answers.write_labels(found, labels)
    if form is Format.JSON:
        print_json(summary)
    else:
        print_frame(answers.flat(summary), form)


@app.command()
def health(
    *,
    workspace: WorkspaceOption,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="How to print the answer.")] = "table",
) -> None:
    """Show what was loaded, what was quarantined and why, and which features are off."""
    with closing(open_workspace(workspace)) as opened:
        _tell_forgotten(opened.engine.forgotten)
        report = answers.health(open_source(opened)) | {"votes_set_aside": calibration.set_aside(opened.path)}
    if form == "json":
        print_json({name: frame.to_dicts() for name, frame in report.items()})
        return
    for title, frame in report.items():
        print(f"{title.replace('_', ' ').capitalize()}")  # noqa: T201 - this is the output
        print_table(frame)


@app.command()
def serve(
    *,
    workspace: WorkspaceOption,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8501,
) -> None:
    """Serve the dashboard of a workspace on this machine."""
    open_workspace(workspace).close()
    serving.serve(workspace, port)


@contextmanager
def _asked(
    workspace: Path,
    *,
    by: str | None = None,
    since: str | None,
    until: str | None,
    where: list[str] | None,
    settings: list[str] | None,
) -> Iterator[tuple[Source, Request]]:
    """An open workspace and what is asked of it."""
    with closing(open_workspace(workspace)) as opened:
        _tell_forgotten(opened.engine.forgotten)
        rule = opened.settings.repeats
        asked = read_request(by=by, since=since, until=until, where=where or (), settings=settings or (), repeats=rule)
        yield open_source(opened), asked


def _tell_forgotten(before: date | None) -> None:
    """Beside the answer, so that scripts read that alone."""
    if before is not None:
        print(sentences.forgotten(before), file=sys.stderr)  # noqa: T201 - this is the message


def main() -> None:
    """Run a command: exit 0 when done, 2 for what a person can mend, 1 for a bug."""
    try:
        app()
    except LogError as error:
        print(f"evenhand: {error}", file=sys.stderr)  # noqa: T201 - this is the message
        sys.exit(2)
