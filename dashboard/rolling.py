"""The command that makes a workspace of summaries where the reviews stay where they are: `rollup`."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from data.contract import TABLES
from data.engine_spark import SparkEngine, find_tables
from data.errors import LogError
from data.remote import shown
from data.settings import Settings
from data.spark_sessions import connect_session, start_session
from data.store import check_new
from queries.filters import Repeats
from queries.rolling import create_rolled

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def rollup(
    *,
    place: Annotated[
        str, typer.Option("--input", help="A folder or URL, as Spark reads it, with a Parquet file or folder a table.")
    ],
    out: Annotated[Path, typer.Option(help="The workspace folder to create.")],
    engine: Annotated[Literal["spark"], typer.Option(help="What makes the summaries.")] = "spark",
    master: Annotated[str | None, typer.Option(help="Start Spark here: local[4], spark://host:7077, …")] = None,
    remote: Annotated[str | None, typer.Option(help="Or ask a Spark Connect server: sc://host:15002.")] = None,
    repeats: Annotated[Repeats, typer.Option(help="Which of a reviewer's decisions on one item count.")] = "last",
    min_n: Annotated[int | None, typer.Option(min=1, help="Withhold values that rest on fewer observations.")] = None,
) -> None:
    """Create a workspace with the summaries of a log, made where the log lies; the reviews stay there."""
    check_new(out)
    session, by = _session(master, remote), engine.capitalize()
    settings = Settings(repeats, min_n, note=f"Summaries that {by} made of the reviews at {shown(place)}")
    found = find_tables(session, place)
    with closing(SparkEngine(session, found)) as reading:
        create_rolled(reading, out, place=shown(place), settings=settings)
    absent = ", ".join(name for name in TABLES if name not in found)
    print(  # noqa: T201 - this is the output
        f"Workspace {out} is ready: the summaries of {', '.join(found)} at {shown(place)}."
        f"{f' There are no {absent}.' if absent else ''}"
    )


def _session(master: str | None, remote: str | None) -> "SparkSession":
    if master is not None and remote is None:
        return start_session(master)
    if remote is not None and master is None:
        return connect_session(remote)
    raise LogError("Say where Spark is: --master local[4] starts it here, --remote sc://host:15002 asks a server.")
