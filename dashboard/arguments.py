"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.output import Format

WorkspaceOption = Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the answer.")]
SinceOption = Annotated[str | None, typer.Option(help="First day that counts (UTC), such as 2025-03-01.")]
UntilOption = Annotated[str | None, typer.Option(help="Last day that counts (UTC).")]
WhereOption = Annotated[list[str] | None, typer.Option(help="dimension=value; repeat for more values or dimensions.")]
QueryOption = Annotated[str | None, typer.Option(help="Ask a database, named like a file, for rows to load.")]
NewestOption = Annotated[
    str | None, typer.Option("--since", help="A growing column of the query: read only what is new in it.")
]
OverlapOption = Annotated[
    str | None,
    typer.Option(help="How far --since goes back for rows that came late: 3d, 12h, 30m; of numbers, a number."),
]
NewOption = Annotated[bool, typer.Option("--new", help="Leave out the files that were loaded so before as they are.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="level=nominal|ordinal|interval|ratio, categories=a,b,c (mildest first; of two, the first violates), "
        "interval=default|bootstrap|jackknife|reviewers|gwet, weights=none|linear|quadratic|ordinal, "
        "reference=consensus|gold|audits, repeats=last|all, min_n=N, target=0.9, reference_prevalence=0.1, "
        "cost_ratio=1, margin=0.15.",
    ),
]
