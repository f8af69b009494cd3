"""Answers that are more than one estimate per slice: matrices, aggregated labels, the catalogue, the state of the log.

The command line prints them and the pages show them.
"""

import base64
import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.checks import checked
from dashboard.measure import Source, chosen_taxonomy, fetch_counts, measure
from dashboard.output import csv_text
from dashboard.request import Request
from data.contract import TABLES
from data.errors import LogError, NoRowsError
from metrics.accuracy import confusion
from metrics.aggregation import Aggregation, aggregate_accuracy, dawid_skene, majority_vote
from metrics.catalogue import CATALOGUE
from metrics.coincidences import label_coincidences
from metrics.options import Options
from metrics.pairs import pairwise_agreement
from queries.ask import ask, no_rows
from queries.completeness import completeness
from queries.filters import Filters

METHODS = {"majority": majority_vote, "dawid-skene": dawid_skene}


def catalogue() -> pl.DataFrame:
    """One row per metric of the catalogue, without its functions."""
    return pl.DataFrame([metric.as_dict() for metric in CATALOGUE.values()])


def estimates(source: Source, name: str, request: Request) -> pl.DataFrame:
    """A metric as it was asked for: see `measure`."""
    return measure(
        source,
        name,
        filters=request.filters,
        by=request.by,
        options=request.options,
        min_n=request.min_n,
        categories=request.categories,
    )


def matrix(source: Source, kind: str, request: Request) -> pl.DataFrame:
    """The confusion of given labels with right ones, or the agreement of every pair of reviewers."""
    taxonomy = chosen_taxonomy(source, request.filters, request.categories)
    if kind == "confusion":
        labels = {"taxonomy": list(source.taxonomy.labels)}
        return confusion(ask(source.engine, "gold_answers", request.filters, parameters=labels), taxonomy)
    if kind == "pairs":
        return pairwise_agreement(ask(source.engine, "reviewer_pairs", request.filters), taxonomy, request.options)
    raise LogError(f"no matrix is called {kind!r}; there are confusion and pairs")


def coincidences(source: Source, filters: Filters) -> pl.DataFrame:
    """How often any two labels meet on an item, from the ratings that agreement is computed from."""
    counts = fetch_counts(source, CATALOGUE["percent_agreement"], filters, by=(), options=Options())
    return label_coincidences(counts, source.taxonomy)


def aggregate(source: Source, method: str, request: Request) -> tuple[dict[str, Any], pl.DataFrame]:
    """One label per item by a method, as a summary and as a frame `item, label, probability`."""
    if method not in METHODS:
        raise LogError(f"no method is called {method!r}; there are {', '.join(METHODS)}")
    ratings = ask(source.engine, "item_ratings", request.filters)
    if ratings.is_empty():
        raise LogError("there is nothing to aggregate: no review passes the filters, or none is loaded")
    found = METHODS[method](ratings, chosen_taxonomy(source, request.filters, request.categories))
    gold = ask(source.engine, "gold_labels", request.filters)
    return _summary(method, found, gold), found.labels.rename({"item_id": "item"})


def write_labels(labels: pl.DataFrame, path: Path) -> None:
    """Write aggregated labels to a CSV or Parquet file."""
    if path.suffix not in (".csv", ".parquet"):
        raise LogError(f"labels are written as .csv or .parquet, not as {path.name}")
    try:
        if path.suffix == ".parquet":
            labels.write_parquet(path)
        else:
            path.write_text(csv_text(labels), "utf-8")
    except OSError as error:
        raise LogError(f"cannot write {path}: {error.strerror}") from None


def flat(summary: dict[str, Any]) -> pl.DataFrame:
    """A summary as one row, for a table or CSV."""
    accuracy = {f"accuracy_{name}": value for name, value in summary["accuracy"].items()}
    return pl.DataFrame([{**{name: value for name, value in summary.items() if name != "accuracy"}, **accuracy}])


def health(source: Source) -> dict[str, pl.DataFrame]:
    """The state of a log: `tables`, `loads`, `quarantined`, `features_off`, and what `checks.checked` found."""
    if source.engine.rolled_from is not None:
        raise NoRowsError(no_rows(source.engine.rolled_from))
    complete = completeness(source.engine)
    return {
        "tables": complete.group_by("table", maintain_order=True).agg(pl.col("rows").first()),
        "loads": ask(source.engine, "loads", Filters()),
        "quarantined": ask(source.engine, "quarantine_reasons", Filters()),
        **checked(source, complete),
        "features_off": features_off(complete),
    }


def pseudonyms(source: Source) -> dict[str, str]:
    """What each reviewer is called where ids are not shown.

    A pseudonym is a keyed hash, so nobody finds the id from it without the workspace's files. It has forty bits: of
    5,000 reviewers, two share one in one workspace of 90,000.
    """
    reviewers = ask(source.engine, "volume", Filters(repeats="all"), by=("reviewer",))["reviewer"].drop_nulls()
    key = source.settings.created_at.encode()[:64]
    hashed = (hashlib.blake2b(each.encode(), digest_size=5, key=key).digest() for each in reviewers)
    called = (f"R-{base64.b32encode(digest).decode().lower()}" for digest in hashed)
    return dict(zip(reviewers, called, strict=True))


def features_off(complete: pl.DataFrame) -> pl.DataFrame:
    """What cannot be shown and what is missing for it: `missing, feature`, from the completeness of the tables."""
    rows = []
    for name, table in TABLES.items():
        columns = complete.filter(pl.col("table") == name)
        if columns["rows"][0] == 0:
            rows.append({"missing": name, "feature": table.switches_off})
            continue
        empty = columns.filter(pl.col("filled") == 0)["column"].to_list()
        rows += [
            {"missing": f"{name}.{column.name}", "feature": column.switches_off}
            for column in table.columns
            if column.name in empty and column.switches_off
        ]
    return pl.DataFrame(rows, schema={"missing": pl.String, "feature": pl.String})


def _summary(method: str, found: Aggregation, gold: pl.DataFrame) -> dict[str, Any]:
    score = aggregate_accuracy(found, gold)
    return {
        "method": method,
        "items": found.labels.height,
        "converged": found.converged,
        "iterations": found.iterations,
        "accuracy": {**asdict(score.expected), "lowest": score.lowest, "highest": score.highest},
        "ties": found.ties,
    }
