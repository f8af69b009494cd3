"""The commands of calibration sessions: `evenhand calibration new`, `ballot`, `votes`, `report` and `list`."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from dashboard import ballots, calibration, calibration_report
from dashboard.arguments import FormatOption, SinceOption, UntilOption, WhereOption, WorkspaceOption
from dashboard.measure import open_source
from dashboard.output import Format, csv_text, print_frame
from dashboard.request import read_request
from data import calibrations
from data.errors import LogError
from data.store import open_workspace

app = typer.Typer(help="Talk over the cases that split the room, and see what it changed.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="What the session is called.")]
_USUAL = calibration.Wish()


@app.command()
def new(
    *,
    name: NameArgument,
    workspace: WorkspaceOption,
    cases: Annotated[int, typer.Option(min=1, help="How many cases to talk about.")] = _USUAL.cases,
    per_clause: Annotated[int, typer.Option(min=1, help="At most so many of a clause.")] = _USUAL.per_clause,
    controls: Annotated[
        bool, typer.Option(help="Whether each case has a control that is voted on but not discussed.")
    ] = _USUAL.controls,
    since: SinceOption = None,
    until: UntilOption = None,
    where: WhereOption = None,
) -> None:
    """Make a session of the cases that split the room where it matters most, and show them."""
    wish = calibration.Wish(cases, per_clause, controls)
    with closing(open_workspace(workspace)) as opened:
        source, rule = open_source(opened), opened.settings.repeats
        filters = read_request(since=since, until=until, where=where or (), repeats=rule).filters
        found = calibration.candidates(source, filters)
        calibration.make(workspace, source, name, filters=filters, found=found, wish=wish)
    print_frame(
        calibration_report.cases(calibration.outcome(workspace, name)).drop("votes", "decided", "votes for it"),
        Format.TABLE,
    )


@app.command()
def ballot(
    *,
    name: NameArgument,
    workspace: WorkspaceOption,
    out: Annotated[Path, typer.Option(help="The folder to write into.")],
) -> None:
    """Write the blind ballot, to fill in or to print, and the moderator's agenda, which tells the earlier reviews."""
    outcome = calibration.outcome(workspace, name)
    made, cases = outcome.calibration, outcome.cases
    _write(out / ballots.file_name(name, "ballot.csv"), csv_text(ballots.table(made, cases)))
    _write(out / ballots.file_name(name, "ballot.html"), ballots.printed(made, cases))
    _write(out / ballots.file_name(name, "agenda.csv"), csv_text(calibration_report.agenda(outcome)))


@app.command()
def votes(
    *,
    name: NameArgument,
    files: Annotated[list[Path], typer.Argument(help="Filled-in ballots: one of each voter, or one with all votes.")],
    workspace: WorkspaceOption,
) -> None:
    """Read votes back in; the same file again changes nothing, and what is no vote is set aside with the reason."""
    taken = calibration.take_votes(workspace, name, {path.name: _read(path) for path in files})
    print(calibration_report.taken(taken))  # noqa: T201 - this is the output
    for row in taken.set_aside:
        print(f"  {row.file}, line {row.line}: {row.why}")  # noqa: T201 - this is the output


@app.command()
def report(
    *,
    name: NameArgument,
    workspace: WorkspaceOption,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write a page (.html) or the table by clause (.csv).")
    ] = None,
) -> None:
    """Show what a session changed by clause, or write its report."""
    outcome = calibration.outcome(workspace, name)
    if out is None:
        print(calibration_report.sentence(outcome))  # noqa: T201 - this is the output
        for remark in calibration_report.remarks(outcome):
            print(remark)  # noqa: T201 - this is the output
        print_frame(calibration_report.clauses(outcome), Format.TABLE)
    elif out.suffix == ".csv":
        _write(out, csv_text(outcome.clauses))
    elif out.suffix == ".html":
        from dashboard import calibration_paper  # noqa: PLC0415 - it loads the charts, which no other command needs

        _write(out, calibration_paper.printed(outcome))
    else:
        raise LogError(f"a report is written as .html or .csv, not as {out.name}")


@app.command("list")
def listed(*, workspace: WorkspaceOption, form: FormatOption = Format.TABLE) -> None:
    """List the sessions of a workspace, the newest first."""
    open_workspace(workspace).close()
    print_frame(calibrations.listed(workspace), form)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LogError(f"cannot read {path}: {error.strerror}") from None


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise LogError(f"cannot write {path}: {error.strerror}") from None
    print(f"Written: {path}")  # noqa: T201 - this is the output
