"""What two thresholds would do to the log that is looked at: its scores, labels, handle times and costs in one."""

from dataclasses import replace

import polars as pl

from dashboard.measure import Source
from dashboard.thresholding import labelled
from metrics.handle_times import median_handle_time
from metrics.options import Options
from metrics.routing import Routing, mistake_costs, routing
from queries.ask import ask
from queries.filters import Filters


def routed(source: Source, filters: Filters, options: Options) -> Routing:
    """All scored items ready to be cut by two thresholds, or the labelled ones in a log where gold is all there is.

    What an item takes is the median time of an answer to gold of its policy: unknown where no answer has one.
    """
    scores = ask(source.engine, "model_scores", filters, by=("policy",)).drop_nulls("score")
    ((_, outcomes, _),) = labelled(source, filters, by=(), options=options)
    if scores.is_empty():
        parts = labelled(source, filters, by=("policy",), options=options)
        scores = pl.concat([part.with_columns(policy=pl.lit(key["policy"], pl.String)) for key, part, _ in parts])
    seconds = _seconds(source, replace(filters, models=(), model_versions=()))
    return routing(scores, outcomes, seconds=seconds, costs=mistake_costs(source.taxonomy))


def _seconds(source: Source, filters: Filters) -> dict[str | None, float | None]:
    times = ask(source.engine, "handle_times", filters, by=("policy",)).partition_by("policy", as_dict=True)
    return {policy: median_handle_time(counts).value for (policy,), counts in times.items()}
