"""Thresholds that keep a promise, for each slice of a log; and the command `threshold`."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Annotated, Literal

import polars as pl
import typer

from dashboard import slices
from dashboard.arguments import FormatOption, SetOption, SinceOption, UntilOption, WhereOption, WorkspaceOption
from dashboard.measure import OF_MODELS, Fetch, Source, check_models, open_source
from dashboard.output import Format, print_frame
from dashboard.request import names, read_request
from data.errors import LogError
from data.store import open_workspace
from metrics.options import Options
from metrics.outcomes import outcomes
from metrics.tails import Error
from metrics.threshold import promises
from metrics.weights import UndefinedError
from queries.ask import ask
from queries.filters import Filters

BY = ("policy", "language")
"""What thresholds are promised for, unless the reader says otherwise."""
ERRORS: dict[Literal["removal", "keep", "both"], tuple[Error, ...]] = {
    "removal": ("removal",),
    "keep": ("keep",),
    "both": ("removal", "keep"),
}
COLUMNS = {
    "error": pl.String,
    "threshold": pl.Float64,
    "rate": pl.Float64,
    "bound": pl.Float64,
    "decided": pl.Float64,
    "n": pl.Int64,
    "errors": pl.Int64,
    "labels": pl.Int64,
    "needed": pl.Int64,
    "note": pl.String,
}


def threshold(  # noqa: PLR0913 - each is an option of the command
    *,
    workspace: WorkspaceOption,
    alpha: Annotated[float, typer.Option(help="The share of automatic decisions that may be wrong.")] = 0.02,
    delta: Annotated[float, typer.Option(help="The chance that the labels mislead and more are wrong.")] = 0.05,
    error: Annotated[
        Literal["removal", "keep", "both"],
        typer.Option(help="removal: what to remove from a score on; keep: what to keep below one."),
    ] = "both",
    by: Annotated[str, typer.Option(help="Dimensions to promise for, separated by commas; '' for all.")] = ",".join(BY),
    since: SinceOption = None,
    until: UntilOption = None,
    where: WhereOption = None,
    settings: SetOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Promise thresholds: from which score on a model may remove alone, and below which it may keep."""
    check_rates(alpha=alpha, delta=delta)
    with closing(open_workspace(workspace)) as opened:
        rule = opened.settings.repeats
        asked = read_request(since=since, until=until, where=where or (), settings=settings or (), repeats=rule)
        found = labelled(open_source(opened), asked.filters, by=names(by), options=asked.options)
    print_frame(promised(found, errors=ERRORS[error], alpha=alpha, delta=delta), form)


def check_rates(**rates: float) -> None:
    """Shares that are asked for lie between 0 and 1."""
    for name, rate in rates.items():
        if not 0 < rate < 1:
            raise LogError(f"--{name} lies between 0 and 1, such as 0.02, and {rate:g} does not")


def labelled(
    source: Source, filters: Filters, *, by: Sequence[str], options: Options, fetch: Fetch = ask
) -> list[tuple[dict[str, str | None], pl.DataFrame, str]]:
    """Each slice with its scored items of which the right label is known, and what a reader must know of them."""
    if "label" in by:
        raise LogError("a threshold cannot be cut by label; it can by policy, language and other dimensions of items")
    check_models(source, filters, by)
    question = OF_MODELS[options.reference]
    counts = fetch(source.engine, question, filters, by=by, parameters={"with_scores": True})
    if counts["score"].null_count() == counts.height:
        raise LogError(
            "no score stands beside a right label: load `predictions` with scores, or choose another --set reference="
        )
    try:
        return [
            (part.key, *outcomes(part.counts, source.taxonomy, options))
            for part in slices.cut(counts, by, options, source.taxonomy)
        ]
    except UndefinedError as reason:
        raise LogError(f"a threshold {reason}") from None


def promised(
    found: Sequence[tuple[dict[str, str | None], pl.DataFrame, str]],
    *,
    errors: Sequence[Error],
    alpha: float,
    delta: float,
) -> pl.DataFrame:
    """One row per slice and error: the columns of the slice, then those of `metrics.threshold.Promise`."""
    rows = [
        {**key, **asdict(promise), "note": "; ".join(filter(None, (promise.note, note)))}
        for error in errors
        for (key, _, note), promise in zip(
            found, promises([part for _, part, _ in found], error=error, alpha=alpha, delta=delta), strict=True
        )
    ]
    return pl.DataFrame(rows, schema_overrides=COLUMNS, infer_schema_length=None)
