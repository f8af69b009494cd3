"""Every figure of agreement that published tables and other packages give, through the metric functions."""

import re
from typing import Any

import numpy as np
import pytest
from references import (
    assert_figure,
    cases,
    every_figure,
    label_counts,
    pairs_of,
    patterns_of,
    ratings_of,
    taxonomy,
)

from metrics import agreement, pairs
from metrics.agreement import coefficient, gwet_standard_error
from metrics.cohen import kappa, kappa_standard_error, kappa_standard_error_by_chance
from metrics.conger import conger, conger_kappa, reviewer_entries
from metrics.linearisation import SmoothStatistic
from metrics.options import Options
from metrics.patterns import item_ratings, rating_patterns
from metrics.taxonomy import Taxonomy
from metrics.weights import agreement_weights

ALIASES = {
    "pabak": "brennan_prediger",
    "randolph_free_marginal": "brennan_prediger",
    "nltk_S": "brennan_prediger",
    "nltk_pi": "fleiss_kappa",
    "nltk_alpha": "krippendorff_alpha_nominal",
    "davies_fleiss_multi_kappa": "conger_kappa",
    "p_pos": "positive_agreement",
    "p_neg": "negative_agreement",
    "avg_pairwise_cohen_kappa": "light_kappa",
    "cohen_kappa": "cohen_kappa_unweighted",
    # The figures of the bootstrap and the degenerate cases.
    "alpha": "krippendorff_alpha_nominal",
    "fleiss": "fleiss_kappa",
    "ac1": "gwet_ac1",
    "bp": "brennan_prediger",
}
NAME = re.compile(
    "(?P<metric>krippendorff_alpha|percent_agreement|fleiss_kappa|scott_pi|gwet_ac1|gwet_ac2|brennan_prediger|conger_kappa"
    "|cohen_kappa|light_kappa|kappa_max|bias_index|prevalence_index|positive_agreement|negative_agreement)"
    "(_(?P<choice>nominal|ordinal|interval|ratio|unweighted|linear|quadratic))?"
    "(?P<figure>_se|_se_full_linearisation|_se_item_delta|_se_item_jackknife|_se_null|_ci95_t)?"
)


class Example:
    """The counts that the queries give for a case."""

    def __init__(self, inputs: dict[str, Any]) -> None:
        if "see" in inputs:
            inputs = cases("agreement_multi")[inputs["see"].split()[-1]]["inputs"]
        if "table" in inputs:
            labels = range(1, len(inputs["table"]) + 1)
            cells = [[i, j] for (i, j), n in np.ndenumerate(inputs["table"]) for _ in range(n)]
            rows: list[Any] = [[labels[i], labels[j]] for i, j in cells]
        elif "counts" in inputs:
            labels = range(1, len(inputs["counts"][0]) + 1)
            # Reviewers' names are arbitrary there: the first rated lowest.
            rows = [[label for label, n in zip(labels, row, strict=True) for _ in range(n)] for row in inputs["counts"]]
        else:
            rows = inputs["ratings"]
            labels = inputs.get("categories") or sorted({label for row in rows for label in row})
        self.taxonomy = taxonomy(list(labels), violating=frozenset({str(labels[0])}))
        self.ratings = ratings_of(rows)
        self.patterns = patterns_of(label_counts(self.ratings, self.taxonomy), labels=self.taxonomy.labels)
        self.pairs = pairs_of(self.ratings)
        self.table = np.array(inputs["table"]) if "table" in inputs else None


def find(example: Example, name: str) -> Any:
    """A figure by its name in the reference files."""
    parts = NAME.fullmatch(ALIASES.get(name, name))
    if parts is None:
        raise KeyError(name)
    metric, choice, figure = parts["metric"], parts["choice"], parts["figure"]
    levels = ("nominal", "ordinal", "interval", "ratio")
    if metric == "krippendorff_alpha":
        options = Options(level=levels[levels.index(choice)])
    else:
        options = Options(weights=None if choice in (None, "unweighted") else choice)
    if figure is None:
        return value(example, metric, options)
    if figure == "_ci95_t":
        found = getattr(agreement, metric)(example.patterns, example.taxonomy, Options(interval="gwet"))
        return found.low, found.high
    if figure == "_se_null":
        return kappa_standard_error_by_chance(
            example.table, agreement_weights(options.weights or "none", example.taxonomy)
        )
    return standard_error(example, metric, options, figure)


def value(example: Example, metric: str, options: Options) -> float | None:
    """The value through the metric function, from the counts it takes."""
    if metric == "conger_kappa":
        return conger_kappa(example.ratings, example.taxonomy, options).value
    if hasattr(pairs, metric):
        return getattr(pairs, metric)(example.pairs, example.taxonomy, options).value
    return getattr(agreement, metric)(example.patterns, example.taxonomy, options).value


def standard_error(example: Example, metric: str, options: Options, figure: str) -> float | None:
    """A standard error through the statistic that the metric function uses."""
    weights = agreement_weights(options.weights or "none", example.taxonomy)
    if metric == "cohen_kappa":
        return kappa_standard_error(kappa(example.table, weights))
    if metric == "conger_kappa":
        return conger(reviewer_entries(item_ratings(example.ratings, example.taxonomy)), weights).standard_error()
    name = "fleiss_kappa" if metric == "scott_pi" else metric
    statistic = coefficient(name, rating_patterns(example.patterns, example.taxonomy), example.taxonomy, options)
    return {
        "_se": lambda: gwet_standard_error(statistic),
        "_se_full_linearisation": statistic.standard_error,
        "_se_item_delta": statistic.standard_error,
        "_se_item_jackknife": statistic.jackknife_standard_error,
    }[figure]()


@pytest.mark.parametrize(("case", "name"), every_figure("agreement_two_raters") + every_figure("agreement_multi"))
def test_agreement_equals_the_reference(case: dict[str, Any], name: str) -> None:
    """A published table or another package gives the same figure."""
    found, expected = find(Example(case["inputs"]), name), case["expected"][name]
    in_percent = case["id"].startswith("freelon_R2") and name == "percent_agreement"
    assert_figure(100 * found if in_percent else found, expected)


def alpha_of(case: dict[str, Any]) -> SmoothStatistic:
    """The alpha that a case of the bootstrap resamples."""
    example = Example({"see": case["inputs"]["see"]})
    patterns = rating_patterns(example.patterns, example.taxonomy)
    return coefficient("krippendorff_alpha", patterns, example.taxonomy, Options(level=case["inputs"]["level"]))


@pytest.mark.parametrize(("case", "name"), every_figure("bootstrap"))
def test_bootstrap_equals_the_reference(case: dict[str, Any], name: str) -> None:
    """400,000 replicates of others have the same spread and the same middle as ours."""
    alpha = alpha_of(case)
    replicates = alpha.replicates(20_000, seed=7)
    replicates = replicates[np.isfinite(replicates)]
    found = {
        "alpha": alpha.value,
        "se_delta": alpha.standard_error,
        "bootstrap_sd": replicates.std,
        "percentile_95": lambda: np.quantile(replicates, (0.025, 0.975)),
    }[name]()
    assert_figure(found, case["expected"][name])


@pytest.mark.parametrize(("case", "name"), every_figure("edge_cases"))
def test_degenerate_data_give_the_reference_value(case: dict[str, Any], name: str) -> None:
    """Data without variation or without pairs give what the definition gives, and undefined where it gives nothing."""
    counts, expected = np.array(case["inputs"]["counts"]), case["expected"][name]
    if name == "alpha_same_with_or_without_unused":
        assert expected["value"] is True
        assert degenerate(counts, "alpha") == degenerate(counts[:, :2], "alpha")
        return
    metric, _, labels = name.removesuffix("cats").rpartition("_") if name.endswith("cats") else (name, "", "")
    metric = {"gwet": "ac1"}.get(metric, metric)
    assert_figure(degenerate(counts[:, : int(labels)] if labels else counts, metric), expected)


def degenerate(counts: np.ndarray, metric: str) -> float | None:
    """A coefficient of raw label counts; its note must say why it has no value or no interval."""
    labels = Taxonomy(tuple("abc"[: counts.shape[1]]))
    found = getattr(agreement, NAME.fullmatch(ALIASES.get(metric, metric))["metric"])(
        patterns_of(counts), labels, Options()
    )
    assert found.low is None
    assert found.note
    return found.value
