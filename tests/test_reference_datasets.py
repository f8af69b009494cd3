"""Every figure that others computed on real moderation data, through the metric functions."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pytest
from references import ORACLES, label_counts, pairs_of, patterns_of, real, real_ratings

from metrics import accuracy, agreement, repeatability
from metrics.aggregation import Aggregation, aggregate_accuracy, dawid_skene, majority_vote
from metrics.agreement import coefficient, gwet_standard_error
from metrics.conger import conger, conger_kappa, reviewer_entries
from metrics.linearisation import SmoothStatistic
from metrics.options import Options
from metrics.pairs import pairwise_agreement
from metrics.patterns import Patterns, item_ratings, rating_patterns
from metrics.taxonomy import Taxonomy

NAMES = ("adult2", "convabuse", "hatecheck", "snow_rte", "video_binary", "video_ternary", "xhate_stability")
DEFAULT_TOLERANCE = 1e-9
# What describes the file, belongs to another topic than metrics, or is what a third package got or took.
NOT_OURS = re.compile(
    r"schema|dataset|split|data|categories.*|level|versions\..*|time\..*|.*\.(tol|bootstrap_tol|checked_with)"
    r"|.*distinct_vector_patterns|gold\.aggregation\.crowdkit .*"
)


@dataclass(frozen=True)
class Figure:
    """One figure of one data set: where it stands, what it is, and its neighbours."""

    dataset: str
    path: tuple[str, ...]
    value: Any
    beside: dict[str, Any]

    def __str__(self) -> str:
        """Its name in a report."""
        return f"{self.dataset}-{'.'.join(self.path)}"


def figures(dataset: str) -> Iterator[Figure]:
    """Every leaf of a reference file; a list is a leaf."""
    yield from leaves(dataset, (), json.loads((ORACLES / "datasets" / f"{dataset}.json").read_text()))


def leaves(dataset: str, path: tuple[str, ...], node: dict[str, Any]) -> Iterator[Figure]:
    for name, value in node.items():
        if isinstance(value, dict):
            yield from leaves(dataset, (*path, name), value)
        elif not NOT_OURS.fullmatch(".".join((*path, name))):
            yield Figure(dataset, (*path, name), value, node)


FIGURES = [pytest.param(figure, id=str(figure)) for name in NAMES for figure in figures(name)]


@functools.cache
def labels_of(dataset: str) -> Taxonomy:
    reference = json.loads((ORACLES / "datasets" / f"{dataset}.json").read_text())
    names = reference["categories"]
    numeric = dataset == "convabuse"
    costs = real("adult2_costs") if dataset == "adult2" else pl.DataFrame({"true": [], "assigned": [], "cost": []})
    return Taxonomy(
        tuple(names),
        values=tuple(float(name) for name in names) if numeric else tuple(range(len(names))),
        violating=frozenset({reference.get("gold", {}).get("binary", {}).get("positive", names[0])}),
        costs={(right, given): float(cost) for right, given, cost in costs.rows()},
        declared=True,
    )


def first_round(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("round") == "1") if "round" in frame.columns else frame


def second_round(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("round") == "2")


def in_suite(frame: pl.DataFrame) -> pl.DataFrame:
    suite = real("hatecheck_items").filter(pl.col("in_suite") == "1")
    return frame.join(suite, on="item_id", how="semi")


@functools.cache
def ratings_for(dataset: str, scope: str) -> pl.DataFrame:
    """The frame of `item_ratings` that a section of a reference file is about."""
    if scope == "agreement_last_per_rater_item":
        return real_ratings(dataset, repeats="last")
    keep = {"inter_rater_round2": second_round, "suite_only_agreement": in_suite}.get(scope, first_round)
    return real_ratings(dataset, keep=keep)


@functools.cache
def frame_for(dataset: str, scope: str) -> pl.DataFrame:
    labels = labels_of(dataset)
    return patterns_of(label_counts(ratings_for(dataset, scope), labels), labels=labels.labels)


@functools.cache
def alpha_for(dataset: str, scope: str, level: Any) -> SmoothStatistic:
    patterns = rating_patterns(frame_for(dataset, scope), labels_of(dataset))
    return coefficient("krippendorff_alpha", patterns, labels_of(dataset), Options(level=level))


@functools.cache
def replicates_for(dataset: str, scope: str, level: str) -> np.ndarray:
    return alpha_for(dataset, scope, level).replicates(10_000, seed=11)


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_on_real_data(figure: Figure) -> None:
    """Another implementation got the same figure from the same data."""
    section = figure.path[0]
    FOUND.get(section, agreement_figure)(figure)


def close(found: Any, figure: Figure, tolerance: float = DEFAULT_TOLERANCE) -> None:
    np.testing.assert_allclose(found, figure.value, rtol=0, atol=tolerance)


def agreement_figure(figure: Figure) -> None:
    """`agreement_all_rows` and its like."""
    scope, name, *what = figure.path
    patterns = rating_patterns(frame_for(figure.dataset, scope), labels_of(figure.dataset))
    sizes = {
        "items": patterns.items.sum(),
        "ratings": patterns.items @ patterns.ratings,
        "items_with_2_or_more": patterns.pairable.items.sum(),
        "distinct_count_patterns": len(patterns.items),
    }
    if name in sizes:
        assert sizes[name] == figure.value
    elif name.startswith("alpha_"):
        alpha_figure(figure, scope, name.removeprefix("alpha_"), *what)
    else:
        coefficient_figure(figure, patterns, name, *what)


def alpha_figure(figure: Figure, scope: str, level: str, what: str) -> None:
    alpha, tolerance = alpha_for(figure.dataset, scope, level), figure.beside["tol"]
    if what.startswith("bootstrap"):
        replicates = replicates_for(figure.dataset, scope, level)
        if what == "bootstrap_se":
            close(replicates.std(), figure, figure.beside["bootstrap_tol"])
        else:
            # A 2.5 % point of 2,000 replicates is itself uncertain by .06 standard errors: four of those.
            close(np.quantile(replicates, (0.025, 0.975)), figure, 2.4 * figure.beside["bootstrap_tol"])
        return
    found = {
        "value": alpha.value,
        "krippendorff_package": alpha.value,
        "se_item_delta": alpha.standard_error,
        "se_item_jackknife": alpha.jackknife_standard_error,
    }[what]()
    close(found, figure, tolerance)


def coefficient_figure(figure: Figure, patterns: Patterns, name: str, what: str) -> None:
    parts = re.fullmatch(r"(.+?)(?:_(linear|quadratic|ordinal))?", name)
    assert parts is not None
    options = Options(weights=parts[2])
    statistic = coefficient(parts[1], patterns, labels_of(figure.dataset), options)
    function = getattr(agreement, parts[1])
    found = {
        "value": lambda: function(frame_for(figure.dataset, figure.path[0]), labels_of(figure.dataset), options).value,
        "se_gwet": lambda: gwet_standard_error(statistic),
        "se_full_linearisation": statistic.standard_error,
    }[what]()
    close(found, figure, figure.beside["tol"])


def repeats_figure(figure: Figure) -> None:
    rows = first_round(real(figure.dataset))
    assert rows.height - rows.unique(["item_id", "rater_id"]).height == figure.value


def pairwise_figure(figure: Figure) -> None:
    """Cohen's kappa of every two reviewers with 20 items in common."""
    counts = pairs_of(
        ratings_for(figure.dataset, "agreement_last_per_rater_item" if figure.dataset == "convabuse" else "")
    )
    for suffix, weights in (("", None), ("_linear", "linear"), ("_quadratic", "quadratic")):
        if f"kappa{suffix}" not in figure.value[0]:
            continue
        found = pairwise_agreement(counts, labels_of(figure.dataset), Options(weights=weights)).filter(
            pl.col("n") >= 20
        )
        expected = pl.DataFrame(figure.value).sort("a", "b")
        assert found.select("reviewer_a", "reviewer_b", "n").rows() == expected.select("a", "b", "n").rows()
        np.testing.assert_allclose(found["percent_agreement"], expected["percent"], rtol=0, atol=1e-9)
        assert found["cohen_kappa"].is_null().to_list() == expected[f"kappa{suffix}"].is_null().to_list()
        np.testing.assert_allclose(
            found["cohen_kappa"].fill_null(0), expected[f"kappa{suffix}"].fill_null(0), rtol=0, atol=1e-9
        )


def conger_figure(figure: Figure) -> None:
    ratings = ratings_for(figure.dataset, "agreement_last_per_rater_item")
    labels = labels_of(figure.dataset)
    if figure.path[1] == "value":
        close(conger_kappa(ratings, labels, Options()).value, figure)
    else:
        entries = reviewer_entries(item_ratings(ratings, labels))
        close(conger(entries, np.eye(len(labels.labels))).standard_error(), figure)


def queue_figure(figure: Figure) -> None:
    """Each queue for itself."""
    _, queue, name = figure.path
    items = real(f"{figure.dataset}_items").filter(pl.col("queue") == queue)
    ratings = ratings_for(figure.dataset, QUEUE_SCOPE[figure.dataset]).join(items, on="item_id", how="semi")
    labels = labels_of(figure.dataset)
    counts = patterns_of(label_counts(ratings, labels), labels=labels.labels)
    metric = {"alpha": "krippendorff_alpha", "se": "krippendorff_alpha", "ac1": "gwet_ac1", "ac1_se": "gwet_ac1"}.get(
        name, name
    )
    if name == "items":
        assert counts["items"].sum() == figure.value
    elif name.endswith("se"):
        close(coefficient(metric, rating_patterns(counts, labels), labels, Options()).standard_error(), figure)
    else:
        close(getattr(agreement, metric)(counts, labels, Options()).value, figure)


QUEUE_SCOPE = {"convabuse": "agreement_last_per_rater_item", "hatecheck": "agreement_all_rows"}


@functools.cache
def answers_for(dataset: str) -> pl.DataFrame:
    """The last rating of each reviewer of each item with gold."""
    last = real(dataset).unique(["item_id", "rater_id"], keep="last", maintain_order=True)
    return last.join(real(f"{dataset}_gold").rename({"label": "gold_label"}), on="item_id")


def gold_counts(answers: pl.DataFrame) -> pl.DataFrame:
    """Each answer as if to an item of its own, which only intervals would notice."""
    alike = answers.group_by("gold_label", "label").agg(answers=pl.len().cast(pl.Int64))
    return alike.with_columns(kind="label", items="answers")


@functools.cache
def aggregated(dataset: str, method: Callable[[pl.DataFrame, Taxonomy], Aggregation]) -> Aggregation:
    return method(real_ratings(dataset, repeats="last"), labels_of(dataset))


def gold_figure(figure: Figure) -> None:
    answers, labels = answers_for(figure.dataset), labels_of(figure.dataset)
    counts = gold_counts(answers)
    name = figure.path[1]
    if name == "aggregation":
        aggregation_figure(figure, *figure.path[2:])
    elif name == "binary":
        binary_figure(figure, counts, figure.path[2])
    elif name == "accuracy_raters_min10":
        for rater in figure.value:
            theirs = answers.filter(pl.col("rater_id") == rater["rater_id"])
            found = accuracy.accuracy(gold_counts(theirs), labels, Options())
            assert (found.n, found.value) == (rater["n"], pytest.approx(rater["correct"] / rater["n"], abs=1e-12))
    elif name == "confusion_rows_gold_cols_label":
        assert accuracy.confusion(counts, labels)["answers"].to_list() == [n for row in figure.value for n in row]
    else:
        cost = accuracy.mean_cost(counts, labels, Options())
        found = {
            "gold_items": lambda: real(f"{figure.dataset}_gold").height,
            "gold_items_with_labels": answers["item_id"].n_unique,
            "labels_on_gold": lambda: accuracy.accuracy(counts, labels, Options()).n,
            "pooled_accuracy": lambda: accuracy.accuracy(counts, labels, Options()).value,
            "pooled_kappa_vs_gold": lambda: accuracy.gold_kappa(counts, labels, Options()).value,
            "raters_on_gold": answers["rater_id"].n_unique,
            "mean_cost_per_label": lambda: cost.value,
            "n": lambda: cost.n,
            "uncovered_pairs": lambda: 0 if cost.value is not None else None,
        }[figure.path[-1]]()
        close(found, figure)


def binary_figure(figure: Figure, counts: pl.DataFrame, name: str) -> None:
    """Recall, precision and both kinds of error are quotients of the four cells."""
    if name == "positive":
        return
    cells, labels = figure.beside, labels_of(figure.dataset)
    tp, fn, fp, tn = (cells[cell] for cell in ("tp", "fn", "fp", "tn"))
    assert accuracy.recall(counts, labels, Options()).value == pytest.approx(tp / (tp + fn), abs=1e-12)
    assert accuracy.precision(counts, labels, Options()).value == pytest.approx(tp / (tp + fp), abs=1e-12)
    assert accuracy.over_enforcement(counts, labels, Options()).value == pytest.approx(fp / (fp + tn), abs=1e-12)
    assert accuracy.under_enforcement(counts, labels, Options()).value == pytest.approx(fn / (tp + fn), abs=1e-12)
    assert accuracy.f1(counts, labels, Options()).value == pytest.approx(2 * tp / (2 * tp + fp + fn), abs=1e-12)


def aggregation_figure(figure: Figure, name: str, *what: str) -> None:
    gold, dataset = real(f"{figure.dataset}_gold"), figure.dataset
    if name == "dawid_skene_own":
        model = aggregated(dataset, dawid_skene)
        found = {
            "accuracy": lambda: aggregate_accuracy(model, gold).expected.value,
            "priors": lambda: list(model.class_shares.values()),
            "loglik": lambda: model.log_likelihood,
            "iterations": lambda: model.iterations,
            "mean_abs_error": lambda: mean_distance(model, gold, labels_of(dataset)),
        }[what[0]]()
        close(found, figure)
        return
    votes = aggregate_accuracy(aggregated(dataset, majority_vote), gold)
    found = {
        "majority_vote_expected_accuracy_random_ties": votes.expected.value,
        "items_tied_on_gold": votes.ties,
        "majority_vote_lower_upper": (votes.lowest, votes.highest),
    }[name]
    close(found, figure)


def mean_distance(model: Aggregation, gold: pl.DataFrame, labels: Taxonomy) -> float:
    """How many steps the aggregated label is from gold's, on average."""
    both = model.labels.join(gold.rename({"label": "gold_label"}), on="item_id")
    steps = [abs(labels.code(a) - labels.code(b)) for a, b in both.select("label", "gold_label").iter_rows()]
    return float(np.mean(steps))


def repeated_figure(figure: Figure) -> None:
    """Agreement of a reviewer with themselves over two rounds."""
    rows = real(figure.dataset)
    before, after = (rows.filter(pl.col("round") == number) for number in ("1", "2"))
    both = before.join(after, on=["item_id", "rater_id"], suffix="_after")
    if figure.path[1] == "by_condition":
        both = both.filter(pl.col("condition") == figure.path[2])
    elif figure.path[1] == "by_rater":
        both = both.filter(pl.col("rater_id") == figure.path[2])
    counts = both.group_by(label_before="label", label_after="label_after").agg(pairs=pl.len().cast(pl.Int64))
    plain = repeatability.self_agreement(counts, labels_of(figure.dataset), Options())
    kappa = repeatability.self_agreement_kappa(counts, labels_of(figure.dataset), Options())
    found = {"pairs": plain.n, "n": kappa.n, "percent": plain.value, "kappa": kappa.value}[figure.path[-1]]
    close(found, figure)


FOUND: dict[str, Callable[[Figure], None]] = {
    "duplicate_item_rater_rows": repeats_figure,
    "pairwise_cohen_min20": pairwise_figure,
    "conger_kappa": conger_figure,
    "by_queue": queue_figure,
    "gold": gold_figure,
    "intra_rater": repeated_figure,
}


@pytest.mark.parametrize("dataset", ["adult2", "hatecheck", "snow_rte"])
def test_every_reviewers_accuracy(dataset: str) -> None:
    """Each reviewer's right answers and answers are those of the reference."""
    labels, answers = labels_of(dataset), answers_for(dataset)
    for rater, correct, n in pl.read_csv(ORACLES / "datasets" / f"{dataset}_rater_accuracy.csv").rows():
        found = accuracy.accuracy(gold_counts(answers.filter(pl.col("rater_id") == rater)), labels, Options())
        assert (found.n, found.value) == (n, pytest.approx(correct / n, abs=1e-12))
