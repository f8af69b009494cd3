"""The commands that make logs and fill workspaces: `init`, `load`, `simulate` and `demo`."""

import shlex
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from dashboard import guesses, loading, simulating
from dashboard.arguments import NewestOption, NewOption, OverlapOption, QueryOption
from dashboard.output import print_json, print_table
from data.databases import Query
from data.demo import create_demo
from data.errors import LogError
from data.folders import ANSWER_KEY, create_from
from data.guessing import guess as guess_mapping
from data.intake import Which
from data.load import load as load_table
from data.mapping import Mapping, read_mapping, with_pairs
from data.report import LoadReport
from data.samples import create_sample
from data.settings import Settings
from data.simulate import simulate as simulate_log
from data.simulation.faults import read_fault
from data.simulation.plan import Plan
from data.simulation.writing import Format
from data.store import create
from queries.filters import Repeats
from queries.keeping import keep_up
from queries.refresh import bring_up_to_date


def _list_faults(wanted: bool) -> None:  # noqa: FBT001 - how typer calls it
    if wanted:
        print_table(simulating.faults())
        raise typer.Exit


def init(
    *,
    workspace: Annotated[Path, typer.Argument(help="The folder to create.")],
    sample: Annotated[
        str | None, typer.Option(help="Load a bundled sample: hatecheck, adult2, convabuse or xstest.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--from", help="Load a folder with a file, or a folder of files, for each table.")
    ] = None,
    repeats: Annotated[Repeats, typer.Option(help="Which of a reviewer's decisions on one item count.")] = "last",
    min_n: Annotated[int | None, typer.Option(min=1, help="Withhold values that rest on fewer observations.")] = None,
) -> None:
    """Create an empty workspace, or one that holds a sample or a folder's whole log."""
    settings = Settings(repeats=repeats, min_n=min_n)
    if sample is not None and folder is not None:
        raise LogError("A new workspace is filled by --sample or by --from, not by both.")
    if folder is not None:
        with loading.progress() as progress:
            _print_reports(create_from(folder, workspace, settings=settings, progress=progress))
            bring_up_to_date(workspace)
    elif sample is not None:
        _print_reports(create_sample(sample, workspace, settings=settings))
        bring_up_to_date(workspace)
    else:
        create(workspace, settings=settings)
    print(f"Workspace {workspace} is ready.")  # noqa: T201


def load(  # noqa: PLR0913 - an argument an option
    *,
    table: Annotated[str | None, typer.Argument(help="The table of the contract: reviews, gold, labels, …")] = None,
    files: Annotated[list[str] | None, typer.Argument(help="Files, globs, folders, s3://…; or a database.")] = None,
    workspace: Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder.")] = None,
    guess: Annotated[str | None, typer.Option(help="Propose a mapping for this file, and load nothing.")] = None,
    mapping: Annotated[str | None, typer.Option(help="A bundled mapping's name, or a TOML file.")] = None,
    column: Annotated[list[str] | None, typer.Option("--map", help="ours=theirs, for one column; repeat.")] = None,
    query: QueryOption = None,
    since: NewestOption = None,
    overlap: OverlapOption = None,
    new: NewOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Load raw files into a table; loading the same file twice changes nothing."""
    if guess is not None and table is None:
        guesses.show(guess_mapping(guess), workspace, as_json=as_json)
        return
    if table is None or not files or workspace is None or guess is not None:
        raise LogError("A load is a table, files and -w WORKSPACE. To have a mapping proposed: --guess FILE alone.")
    chosen = with_pairs(read_mapping(mapping) if mapping else Mapping(), column or [])
    which = _which(query, since, overlap, new=new)
    with loading.progress() as told:
        report = load_table(workspace, table, files, mapping=chosen, which=which, progress=told, then=keep_up)
    _tell(report, as_json=as_json)


def _tell(report: LoadReport, *, as_json: bool) -> None:
    if as_json:
        print_json(loading.as_dict(report))
    else:
        _print_reports([report])


def _which(query: str | None, since: str | None, overlap: str | None, *, new: bool) -> Which:
    if new if query is not None else since or overlap:
        raise LogError("--since and --overlap are for a --query to a database, --new is for files.")
    if query is not None:
        return Query(query, since, overlap)
    return "new" if new else "all"


def simulate(
    *,
    out: Annotated[Path, typer.Argument(help="The folder to create.")],
    reviews: Annotated[int, typer.Option(help="How many reviews are made.")] = 300_000,
    days: Annotated[int, typer.Option(help="Over how many days.")] = 90,
    reviewers: Annotated[int, typer.Option(help="By how many reviewers.")] = 120,
    seed: Annotated[int, typer.Option(help="The same seed and options give the same bytes.")] = 1,
    fault: Annotated[
        list[str] | None, typer.Option(help="Plant a fault, name or name:parameter=value,…; repeat. See --faults.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How the tables are written.")] = "parquet",
    _faults: Annotated[
        bool, typer.Option("--faults", is_eager=True, callback=_list_faults, help="List the faults, and do nothing.")
    ] = False,
) -> None:
    """Write a made-up log of every table, with an answer key that tells its true values."""
    plan = Plan(reviews, days, reviewers, seed, tuple(read_fault(each) for each in fault or ()))
    started = time.monotonic()
    with simulating.progress() as told:
        counts = simulate_log(out, plan, form=form, progress=told.days)
    print_table(simulating.rows(counts))
    print(simulating.summary(out, plan.faults, time.monotonic() - started))  # noqa: T201 - this is the output


def demo(*, workspace: Annotated[Path, typer.Argument(help="The folder to create.")]) -> None:
    """Create a workspace with a simulated log: 90 days of a house in which four things go wrong."""
    with simulating.progress() as told:
        _print_reports(create_demo(workspace, simulated=told.days, progress=told.rows))
        bring_up_to_date(workspace)
    print(  # noqa: T201 - this is the output
        f"Workspace {workspace} is ready: a simulated log, of made-up people and decisions. "
        f"What can be found in it is in {workspace / ANSWER_KEY}.\n"
        f"Look at it: evenhand serve -w {shlex.quote(str(workspace))}"
    )


def _print_reports(reports: Iterable[LoadReport]) -> None:
    for report in reports:
        print(loading.as_text(report))  # noqa: T201 - this is the output
