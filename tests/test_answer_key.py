"""The answer key against what the product itself finds in the log: `pytest -m slow tests/test_answer_key.py -s`."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from dashboard.measure import Source, measure, open_source
from data.load import load
from data.simulate import simulate
from data.simulation.demo import DEMO
from data.simulation.plan import Plan
from data.store import create, open_workspace
from metrics.estimate import Z_95
from queries.filters import Filters

NULL = Plan(reviews=40_000, days=14, reviewers=48, gold_share=0.24, overlap_share=0.4)
"""About 200 answers on gold of each reviewer, and 6,300 items that several reviewers get."""
STORY = dataclasses.replace(DEMO, reviews=60_000, gold_share=0.1, overlap_share=0.2)
STAGES = {
    "krippendorff_alpha": "overlap",
    "gwet_ac1": "overlap",
    "percent_agreement": "overlap",
    "accuracy": "gold",
    "over_enforcement": "gold",
    "under_enforcement": "gold",
    "d_prime": "gold",
    "criterion": "gold",
}
FAMILIES = {metric: "other_gold" if stage == "gold" else stage for metric, stage in STAGES.items()}
"""What the intervals are about: other items like these."""
HEADLINES = ("krippendorff_alpha", "gwet_ac1", "accuracy", "d_prime", "criterion")
CUTS = ("", "policy", "site")
SEEDS = 100


def loaded(plan: Plan, folder: Path, *more: str) -> tuple[dict, Source]:
    """The answer key of a log, and the log as the product reads it, with more of its tables where named."""
    simulate(folder / "log", plan)
    create(folder / "workspace")
    for table in ("labels", "reviewers", "gold", "reviews", *more):
        load(folder / "workspace", table, [folder / "log" / f"{table}.parquet"])
    return json.loads((folder / "log" / "answer_key.json").read_text()), open_source(
        open_workspace(folder / "workspace")
    )


def found(source: Source, metric: str, by: str) -> pl.DataFrame:
    """What the product says of a metric: a row a slice."""
    filters = Filters(stages=(STAGES[metric],))
    rows = measure(source, metric, filters=filters, by=(by,) if by else (), min_n=1)
    return rows.rename({by: "slice"}) if by else rows.with_columns(slice=pl.lit(""))


def told(key: dict, family: str, metric: str, by: str) -> pl.DataFrame:
    """What the key says of a metric, with the n it rests on: a row a slice."""
    if by == "reviewer":
        truth = {
            name: (person[f"on_{family}"][metric], person[f"on_{family}"]["n"])
            for name, person in key["people"].items()
        }
    else:
        values, n = key["metrics"][family][metric], key["metrics"][family]["n"]
        first = dt.date.fromisoformat(key["first_day"])
        if by == "day":
            days = zip(values["days"], n["days"], strict=True)
            truth = {first + dt.timedelta(days=day): pair for day, pair in enumerate(days)}
        elif by:
            truth = {name: (each["all"], n["by"][by][name]["all"]) for name, each in values["by"][by].items()}
        else:
            truth = {"": (values["all"], n["all"])}
    return pl.DataFrame(
        {
            "slice": list(truth),
            "truth": [value for value, _ in truth.values()],
            "told_n": [n for _, n in truth.values()],
        },
        schema_overrides={"truth": pl.Float64, "told_n": pl.Float64},
    )


def compared(key: dict, source: Source, metric: str, by: str, *, family: str | None = None) -> pl.DataFrame:
    """Both side by side, with the distance in standard errors; only where there is an interval."""
    rows = found(source, metric, by).join(told(key, family or FAMILIES[metric], metric, by), on="slice")
    half = pl.when(pl.col("truth") > pl.col("value")).then(pl.col("high") - pl.col("value"))
    return rows.drop_nulls("low").with_columns(
        z=Z_95 * (pl.col("truth") - pl.col("value")) / half.otherwise(pl.col("value") - pl.col("low")),
        held=pl.col("truth").is_between("low", "high"),
    )


@pytest.fixture(scope="module", params=[NULL, STORY], ids=["null", "story"])
def answered(request, tmp_path_factory) -> Iterator[tuple[dict, Source]]:
    """A log in which nothing is planted, and one in which four things go wrong."""
    key, source = loaded(request.param, tmp_path_factory.mktemp("answered"))
    with closing(source.engine):
        yield key, source


@pytest.mark.parametrize("metric", STAGES)
def test_the_product_comes_near_the_truth(metric, answered):
    """Every number is within 4.5 standard errors of its true value, overall and in each slice."""
    key, source = answered
    for by in ("", "policy", "market", "language", "queue", "standard_version", "site", "team"):
        rows = compared(key, source, metric, by)
        assert not rows.is_empty()
        assert rows["z"].abs().max() < 4.5, (by, rows.sort("z"))


@pytest.mark.parametrize("metric", ["accuracy", "d_prime", "criterion"])
def test_every_reviewer_is_near_the_truth_over_other_gold(metric, answered):
    key, source = answered
    rows = compared(key, source, metric, "reviewer", family="other_gold")
    assert len(rows) == len(key["people"])
    assert rows["z"].abs().max() < 4.5, rows.sort("z")


@pytest.mark.parametrize("metric", STAGES)
def test_numbers_rest_on_as_many_observations_as_the_key_says(metric, answered):
    key, source = answered
    for by in ("", "day", "policy", "team", *(["reviewer"] if STAGES[metric] == "gold" else [])):
        rows = found(source, "accuracy" if STAGES[metric] == "gold" else metric, by)
        both = rows.join(told(key, FAMILIES[metric], metric, by), on="slice")
        assert len(both) == len(rows)
        assert both["n"].equals(both["told_n"].cast(pl.Int64), check_names=False)


@pytest.mark.parametrize("metric", ["krippendorff_alpha", "gwet_ac1", "accuracy"])
def test_days_scatter_around_their_truth_by_their_standard_error(metric, answered):
    """The mean of z² is near 1."""
    rows = compared(*answered, metric, "day")
    scatter = (rows["z"] ** 2).mean()
    print(f"{metric}: mean z² {scatter:.3f} on {len(rows)} days")
    allowed = 3.5 * np.sqrt(2 / len(rows))
    assert 1 - allowed < scatter < 1 + allowed


def coverage(rows: pl.DataFrame) -> tuple[float, float]:
    """The share of intervals that hold the truth, with its standard error over seeds."""
    by_seed = rows.group_by("seed").agg(held=pl.col("held").sum(), slices=pl.len())
    held, slices = by_seed["held"].to_numpy(), by_seed["slices"].to_numpy()
    share = held.sum() / slices.sum()
    return share, float(np.sqrt(((held - share * slices) ** 2).sum()) / slices.sum())


@pytest.mark.slow
def test_the_truth_lies_in_the_intervals_93_to_97_times_in_100(tmp_path):
    """Each overall, by policy and by site, and what is against gold by reviewer; always over other items like these."""
    cuts = [(metric, by, FAMILIES[metric]) for metric in HEADLINES for by in CUTS]
    cuts += [(metric, "reviewer", "other_gold") for metric in HEADLINES[2:]]
    beside = [("accuracy", by, "gold") for by in (*CUTS, "reviewer")]
    frames = []
    for seed in range(SEEDS):
        key, source = loaded(dataclasses.replace(NULL, seed=seed), tmp_path / str(seed))
        with closing(source.engine):
            for metric, by, family in (*cuts, *beside):
                rows = compared(key, source, metric, by, family=family).select("held")
                frames.append(
                    rows.with_columns(seed=pl.lit(seed), metric=pl.lit(metric), by=pl.lit(by), family=pl.lit(family))
                )
    all_rows = pl.concat(frames)
    for metric, by, family in (*cuts, *beside):
        share, error = coverage(all_rows.filter(metric=metric, by=by, family=family))
        print(f"{metric} by {by or 'nothing'}, truth of {family}: {share:.1%} ± {error:.1%}")
    for metric in HEADLINES:
        asked = pl.any_horizontal(
            (pl.col("by") == by) & (pl.col("family") == of) for name, by, of in cuts if name == metric
        )
        share, error = coverage(all_rows.filter(asked, metric=metric))
        print(f"{metric}: {share:.2%} ± {error:.2%}")
        assert 0.93 <= share <= 0.97
