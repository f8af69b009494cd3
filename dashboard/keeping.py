"""The commands that keep a workspace small and lawful: `compact`, `forget` and `erase`."""

import datetime as dt
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from dashboard.arguments import WorkspaceOption
from dashboard.output import print_json
from data.errors import LogError
from queries import keeping

erase = typer.Typer(help="Remove a person from a workspace, for good.", no_args_is_help=True)

JsonOption = Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


def compact(*, workspace: WorkspaceOption, as_json: JsonOption = False) -> None:
    """Pack the rows into one sorted file, and free what old versions of rows take up."""
    packed = keeping.compact(workspace)
    text = f"{packed.parts} files of rows became one: {_size(packed.bytes_before)} → {_size(packed.bytes_after)}."
    _tell(asdict(packed), text, as_json=as_json)


def forget(
    *,
    workspace: WorkspaceOption,
    before: Annotated[str, typer.Option(help="The first day (UTC) whose rows stay, such as 2025-03-01.")],
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let the rows of before a day go for good; the numbers stay, the cases do not."""
    try:
        day = dt.date.fromisoformat(before)
    except ValueError:
        raise LogError(f"--before {before!r} is not a day: write it as 2025-03-01.") from None
    _ask(f"Remove all reviews of before {day} from {workspace} for good?", yes=yes)
    gone = keeping.forget(workspace, day)
    text = (
        f"{gone.reviews:,} reviews and {gone.predictions:,} predictions of before {day} left. Their numbers stand; "
        f"cases, and questions that need the rows, begin at {day}. What is delivered again of before is set aside."
    )
    if not gone.reviews and not gone.predictions:
        text = f"There is no row of before {day}: nothing was done."
    _tell(asdict(gone), text, as_json=as_json)


@erase.command("reviewer")
def erase_reviewer(
    *,
    reviewer: Annotated[str, typer.Argument(help="The reviewer's id, exactly as it is in the log.")],
    workspace: WorkspaceOption,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Remove all rows of a reviewer from every table and file; the numbers follow."""
    _ask(f"Remove everything about the reviewer {reviewer!r} from {workspace} for good?", yes=yes)
    erased = keeping.erase(workspace, reviewer)
    _tell(asdict(erased), _erased(erased), as_json=as_json)


def _erased(erased: keeping.Erased) -> str:
    rows = ", ".join(f"{count:,} of {table}" for table, count in erased.rows.items() if count)
    lines = [f"Rows that left: {rows}." if rows else f"No row of a reviewer {erased.reviewer!r} is in this workspace."]
    if erased.named_in:
        tables = ", ".join(f"{count:,} of {table}" for table, count in erased.named_in.items())
        lines.append(f"Rows that are not about a reviewer but have that word in a text stay: {tables}.")
    if erased.counted_before:
        lines.append(
            f"Totals of before {erased.counted_before}, whose rows were forgotten, still count reviews by this person, "
            "under no name."
        )
    lines.append(
        "Not reached: statistics that were exported, copies of this folder, and the files that were loaded. "
        "Loaded again, such a file brings the rows back."
    )
    return "\n".join(lines)


def _ask(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise LogError("This cannot be undone: say --yes where nobody can be asked.")
    if not typer.confirm(question):
        raise LogError("Nothing was done.")


def _tell(done: dict[str, object], text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(done)
    else:
        print(text)  # noqa: T201 - this is the output


def _size(number: int) -> str:
    return f"{number / 1e6:,.1f} MB"
