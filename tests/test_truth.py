"""True values that no page shows yet, against what came of the model: live reviews, audits, and the classifier."""

import numpy as np
import polars as pl
import pytest
from simulated import Log, simulated

from data.simulation import checking
from data.simulation.world import FIRST_VIOLATING, LABELS

FAULTS = {
    "null": (),
    "faulty": (
        "standard_change:policy=harassment,share=0.3,day=8",
        "standard_change:policy=scams,share=0.3,direction=looser,day=6",
        "site_drift:site=manila,day=10",
        "model_regression:policy=nudity,day=12",
        "content_shift:policy=violence,size=2,day=9",
        "anchoring:size=1.2,day=4",
        "unclear_clause:policy=regulated_goods,size=1.2",
        "fatigue",
    ),
}
CUTS = ("", "policy", "site", "standard_version", "day")
VIOLATING = pl.col("officially")
METRICS = {
    "accuracy": (pl.lit(value=True), pl.col("label") == pl.col("right")),
    "over_enforcement": (~VIOLATING, pl.col("enforced")),
    "under_enforcement": (VIOLATING, ~pl.col("enforced")),
    "precision": (pl.col("enforced"), VIOLATING),
    "violating_share": (pl.lit(value=True), VIOLATING),
}
"""Among which rows, and the share of what, a metric is."""


@pytest.fixture(scope="module", params=FAULTS)
def log(request, tmp_path_factory) -> Log:
    """A log with much live content, without faults and with eight."""
    return simulated(
        tmp_path_factory.mktemp(request.param) / "log",
        *FAULTS[request.param],
        reviews=60_000,
        days=14,
        reviewers=60,
        seed=3,
    )


def truth(log: Log, family: str, metric: str, by: str, value: str | int) -> float:
    """What the key says of a slice; of a day, the first being 1."""
    known = log.key["metrics"][family][metric]
    if by == "day":
        return known["days"][int(value) - 1]
    return known["by"][by][value]["all"] if by else known["all"]


def departures(log: Log, rows: pl.DataFrame, family: str, metrics: dict[str, tuple[pl.Expr, pl.Expr]]) -> np.ndarray:
    """How far the shares that were drawn are from the true ones, in standard errors."""
    found = []
    for by in CUTS:
        if by == "site" and by not in log.key["metrics"][family]["n"]["by"]:
            continue
        sliced = rows.with_columns(slice=pl.col(by) if by else pl.lit(""))
        for metric, (among, part) in metrics.items():
            counts = sliced.filter(among).group_by("slice").agg(n=pl.len(), share=part.mean())
            for value, n, share in counts.iter_rows():
                true = truth(log, family, metric, by, value)
                found.append((share - true) / np.sqrt(true * (1 - true) / n))
    return np.array(found)


def scatters(z: np.ndarray) -> bool:
    """Whether these look like standard normal numbers."""
    return bool(np.abs(z).max() < 4.5 and abs((z**2).mean() - 1) < 0.4)


def test_live_reviews_come_to_their_truth(log):
    rows = log.reviews.filter(pl.col("stage") == "live")
    assert truth(log, "live", "n", "", "") == len(rows)
    assert scatters(departures(log, rows, "live", METRICS))


def test_every_reviewers_live_reviews_come_to_their_truth(log):
    rows = log.reviews.filter(pl.col("stage") == "live").group_by("reviewer_id")
    z = []
    for who, n, right in rows.agg(n=pl.len(), right=METRICS["accuracy"][1].mean()).iter_rows():
        told = log.key["people"][who]["on_live"]
        assert told["n"] == n
        z.append((right - told["accuracy"]) / np.sqrt(told["accuracy"] * (1 - told["accuracy"]) / n))
    assert scatters(np.array(z))


def test_the_models_answers_come_to_their_truth(log):
    """Each item that came in, once; the newest version's flag stands in for the decision."""
    items = log.behind.filter(pl.col("stage") != "gold").unique("item_id").with_columns(enforced=pl.col("flagged"))
    assert truth(log, "model", "n", "", "") == len(items)
    assert scatters(departures(log, items, "model", {name: METRICS[name] for name in METRICS if name != "accuracy"}))


@pytest.mark.parametrize("faults", FAULTS)
def test_audits_of_everything_come_to_their_truth(faults, tmp_path, monkeypatch):
    """With every review audited, nothing is weighted; the auditor's label stands in for the truth."""
    monkeypatch.setattr(checking, "INCLUSION", np.ones(len(checking.STRATA)))
    log = simulated(tmp_path / "log", *FAULTS[faults], reviews=30_000, days=14, reviewers=60, seed=4)
    audits = log.tables["audits"].unique("review_id").select("review_id", auditor="label")
    rows = log.reviews.join(audits, on="review_id")
    assert truth(log, "audited", "n", "", "") == len(rows)
    said = pl.col("auditor").is_in(LABELS[FIRST_VIOLATING:])
    metrics = METRICS | {
        "audit_accuracy": (pl.lit(value=True), pl.col("label") == pl.col("auditor")),
        "audit_precision": (pl.col("enforced"), said),
        "audit_recall": (said, pl.col("enforced")),
        "audit_prevalence": (pl.lit(value=True), said),
    }
    assert scatters(departures(log, rows, "audited", metrics))
