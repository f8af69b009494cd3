"""What is told of a model beside its numbers: where its answers go, and what each new version changed."""

from dataclasses import asdict
from typing import Any

import polars as pl

from dashboard.measure import ESTIMATE_COLUMNS, OF_MODELS, Source
from metrics.cbpe import claim
from metrics.model import model_confusion
from metrics.options import Options
from metrics.paired import version_change
from metrics.prediction_powered import accuracy, prevalence
from metrics.recalibration import recalibrated
from metrics.reliability import corp, reliability_table
from metrics.scores import read
from queries.ask import ask
from queries.filters import Filters


def confusion(source: Source, filters: Filters, options: Options) -> pl.DataFrame:
    """How the model's answers to the items of each right label fall on the labels: see `metrics.model`."""
    counts = ask(source.engine, OF_MODELS[options.reference], filters, parameters={"with_scores": False})
    return model_confusion(counts, source.taxonomy)


def version_changes(source: Source, filters: Filters, options: Options) -> pl.DataFrame:
    """How much more often each version is right than the one before, on the items that both answered.

    Columns: `version, before`, and those of an estimate; a row for each two that answered an item after another.
    """
    counts = ask(source.engine, "version_pairs", filters)
    parts = counts.sort("model_version", "next_version").partition_by("model_version", "next_version", as_dict=True)
    rows = [
        {"version": after, "before": before, **asdict(version_change(part, source.taxonomy, options))}
        for (before, after), part in parts.items()
    ]
    return pl.DataFrame(rows, schema={"version": pl.String, "before": pl.String, **ESTIMATE_COLUMNS})


def confidence(source: Source, filters: Filters, options: Options) -> dict[str, Any]:
    """What scores say: `table` by tenths, `pooled` without bins, `parts` of the Brier score, and `recalibration`."""
    counts = ask(source.engine, OF_MODELS[options.reference], filters, parameters={"with_scores": True})
    scored, _ = read(counts, source.taxonomy, options)
    parts = corp(scored)
    return {
        "table": reliability_table(scored),
        "pooled": pl.DataFrame({"score": parts.score, "violating": parts.violating}),
        "parts": parts,
        "recalibration": recalibrated(scored),
    }


def few_labels(source: Source, filters: Filters, options: Options) -> dict[str, Any]:
    """What labels and scores say of all content together: `prevalence`, `accuracy`, and the model's own `claim`."""
    counts = ask(source.engine, OF_MODELS[options.reference], filters, parameters={"with_scores": True})
    scored, _ = read(counts, source.taxonomy, options)
    scores = ask(source.engine, "model_scores", filters)
    found = {"prevalence": prevalence(scored, scores), "accuracy": accuracy(scored, scores)}
    return {**found, "claim": claim(scored, scores)}


FRAMES = {
    "confusion": confusion,
    "version_changes": version_changes,
    "confidence": confidence,
    "few_labels": few_labels,
}
