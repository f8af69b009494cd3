"""The machinery of standard errors, against closed forms and against doing it literally."""

import functools
import math

import numpy as np
import pytest
from references import patterns_of
from scipy.stats import ks_2samp

from metrics.agreement import coefficient
from metrics.linearisation import SmoothStatistic, quotient
from metrics.options import Level, Options, Weights
from metrics.patterns import Patterns, rating_patterns
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("a", "b", "c"), values=(0.0, 1.0, 4.0), violating=frozenset({"a"}), declared=True)
FAMILY = ("percent_agreement", "krippendorff_alpha", "fleiss_kappa", "gwet_ac1", "gwet_ac2", "brennan_prediger")
OTHERS = ("positive_agreement", "negative_agreement", "prevalence_index")


@functools.cache
def patterns() -> Patterns:
    """Forty items of one to four ratings."""
    generator = np.random.default_rng(5)
    counts = np.array(
        [generator.multinomial(generator.integers(1, 5), generator.dirichlet([2, 1, 0.6])) for _ in range(40)]
    )
    return rating_patterns(patterns_of(counts), LABELS)


def one_by_one(grouped: Patterns) -> np.ndarray:
    """Label counts with a row per item."""
    return np.repeat(grouped.counts, grouped.items, axis=0)


@pytest.mark.parametrize("name", FAMILY + OTHERS)
def test_jackknife_is_literal_leave_one_out(name: str) -> None:
    """One value per pattern, weighed, is what leaving out each item in turn gives."""
    statistic = coefficient(name, patterns(), LABELS, Options())
    rows = one_by_one(patterns())
    rows = rows[rows.sum(axis=1) >= (2 if name in ("krippendorff_alpha", *OTHERS) else 1)]
    literal = [
        coefficient(
            name, Patterns(np.delete(rows, i, axis=0), np.ones(len(rows) - 1, dtype=int)), LABELS, Options()
        ).value()
        for i in range(len(rows))
    ]
    ours = np.repeat(statistic.leave_one_out(), statistic.units)
    np.testing.assert_allclose(np.sort(ours), np.sort(np.array(literal, dtype=float)), rtol=0, atol=1e-12)
    spread = math.sqrt((len(rows) - 1) ** 2 / len(rows) * np.var(np.array(literal, dtype=float), ddof=1))
    assert statistic.jackknife_standard_error() == pytest.approx(spread, abs=1e-12)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_bootstrap_is_literal_resampling(level: Level) -> None:
    """Drawing how often each pattern occurs has the distribution of drawing items."""
    alpha = coefficient("krippendorff_alpha", patterns(), LABELS, Options(level=level))
    generator = np.random.default_rng(8)
    rows = np.repeat(np.arange(len(alpha.units)), alpha.units)
    draws = [np.bincount(generator.choice(rows, rows.size), minlength=len(alpha.units)) for _ in range(3000)]
    literal = alpha.statistic(np.array(draws) @ alpha.features)
    assert ks_2samp(literal, alpha.replicates(3000, seed=9)).pvalue > 0.01


def alpha_by_hand(counts: np.ndarray, items: np.ndarray, level: Level) -> float:
    """The standard error of alpha from the closed form of its influence function."""
    keep = counts.sum(axis=1) > 1
    n_pk, m = counts[keep].astype(float), items[keep]
    n_k, r = m @ n_pk, n_pk.sum(axis=1)
    total = n_k.sum()
    values = np.array(LABELS.values)
    between = np.array([[[min(k, j) <= g <= max(k, j) for g in range(3)] for j in range(3)] for k in range(3)]) * 1.0
    between -= 0.5 * (np.eye(3)[:, None, :] + np.eye(3)[None, :, :])
    spans = between @ n_k
    with np.errstate(invalid="ignore"):
        ratio = np.nan_to_num((values[:, None] - values) / (values[:, None] + values))
    squared = {
        "nominal": 1 - np.eye(3),
        "interval": (values[:, None] - values) ** 2,
        "ratio": ratio**2,
        "ordinal": spans**2,
    }[level]
    pairs = n_pk[:, :, None] * (n_pk[:, None, :] - np.eye(3)) / (r - 1)[:, None, None]
    u, observed = (pairs * squared).sum(axis=(1, 2)), np.tensordot(m, pairs, 1)
    c = squared @ n_k
    big_u, e = m @ u, n_k @ c
    own, expected = u, 2 * n_pk @ c
    if level == "ordinal":
        own = u + n_pk @ np.einsum("kl,kl,klg->g", observed, 2 * spans, between)
        expected = expected + n_pk @ np.einsum("k,l,kl,klg->g", n_k, n_k, 2 * spans, between)
    psi = -((total - 1) * big_u / e) * (own / big_u + r / (total - 1) - expected / e)
    n = m.sum()
    return math.sqrt(n / (n - 1) * m @ (psi - m @ psi / n) ** 2)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_complex_step_equals_the_closed_form_of_alpha(level: Level) -> None:
    """The gradient taken with an imaginary step is the published influence function."""
    labels = Taxonomy(LABELS.labels, values=(0.0, 1.0, 2.0)) if level == "ordinal" else LABELS
    ours = coefficient("krippendorff_alpha", patterns(), labels, Options(level=level)).standard_error()
    assert ours == pytest.approx(alpha_by_hand(patterns().counts, patterns().items, level), rel=1e-12)


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic", "ordinal"])
@pytest.mark.parametrize("name", ["fleiss_kappa", "gwet_ac2", "brennan_prediger"])
def test_complex_step_equals_the_closed_form_of_gwets_family(name: str, weights: Weights) -> None:
    """The same for the full linearisation of the coefficients that use items of one rating too."""
    values = np.array(LABELS.values)
    positions = np.arange(3.0) if weights == "ordinal" else values
    steps = abs(positions[:, None] - positions)
    w = {
        "none": np.eye(3),
        "linear": 1 - steps / 4,
        "quadratic": 1 - (steps / 4) ** 2,
        "ordinal": 1 - steps * (steps + 1) / 6,
    }[weights]
    counts, m = patterns().counts, patterns().items
    r, n = counts.sum(axis=1), m.sum()
    q, two = counts / r[:, None], r > 1
    a = np.where(two, (counts * (counts @ w - 1)).sum(axis=1) / np.maximum(r * (r - 1), 1), 0)
    n2, pi = m @ two, m @ q / n
    pa, t = m @ a / n2, w.sum()
    pe, slope = {
        "fleiss_kappa": (pi @ w @ pi, 2 * (q - pi) @ w @ pi / n),
        "gwet_ac2": (t * (pi @ (1 - pi)) / 6, t / 6 * (q - pi) @ (1 - 2 * pi) / n),
        "brennan_prediger": (t / 9, 0 * r),
    }[name]
    kappa = (pa - pe) / (1 - pe)
    psi = two * (a - pa) / (n2 * (1 - pe)) - (1 - kappa) / (1 - pe) * slope
    statistic = coefficient(name, patterns(), LABELS, Options(weights=weights))
    assert statistic.value() == pytest.approx(kappa, rel=1e-12)
    assert statistic.standard_error() == pytest.approx(math.sqrt(n / (n - 1) * m @ psi**2), rel=1e-12)


def test_alpha_without_disagreement_has_a_standard_error_of_zero() -> None:
    """Perfect agreement has no observed disagreement to divide by, and still a spread: none."""
    perfect = rating_patterns(patterns_of([[2, 0, 0], [0, 2, 0], [0, 0, 2]]), LABELS)
    alpha = coefficient("krippendorff_alpha", perfect, LABELS, Options())
    assert (alpha.value(), alpha.standard_error()) == (1.0, 0.0)


def test_quotient_by_zero_is_not_a_number() -> None:
    """Zero over zero and one over rounding noise are undefined, without a warning."""
    assert np.isnan(quotient(np.array([0.0, 1.0]), np.array([0.0, 1e-17]))).all()


def test_one_unit_has_no_standard_error() -> None:
    """One unit shows no spread."""
    alone = SmoothStatistic(np.ones((1, 1)), np.array([1]), lambda totals: totals[:, 0])
    assert alone.standard_error() is None
    assert alone.jackknife_standard_error() is None
