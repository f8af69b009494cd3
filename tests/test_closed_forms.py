"""Formulas that are written out because the packages that have them are slow to load: they equal those packages'."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from scipy.special import stdtrit
from scipy.stats import t as student_t
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

from metrics.cohen import highest_kappa, kappa_standard_error_by_chance
from metrics.estimate import wilson
from metrics.options import Weights
from metrics.taxonomy import Taxonomy
from metrics.weights import agreement_weights

ROOT = Path(__file__).parents[1]
SLOW = {"scipy", "statsmodels", "pandas", "sklearn"}
OVER_PACKAGES = {"matched", "proportions"}
"""Thin names over statsmodels and scipy, which no metric of the catalogue needs."""

LABELS = Taxonomy(tuple("abcd"), values=(0, 1, 3, 4))
TABLES = [np.random.default_rng(seed).integers(0, most, (4, 4)) for seed, most in enumerate((3, 9, 200, 100_000))]


@pytest.mark.parametrize("part", [0, 1, 0.3, 17.25, 49, 50])
def test_wilson_is_statsmodels(part: float) -> None:
    """Wilson's interval is statsmodels', of whole and of expected counts."""
    assert wilson(part, 50) == pytest.approx(proportion_confint(part, 50, method="wilson"), abs=1e-15)


@pytest.mark.parametrize("table", TABLES)
def test_the_highest_kappa_is_statsmodels(table: np.ndarray) -> None:
    """The highest kappa that margins allow is statsmodels'."""
    assert highest_kappa(table) == pytest.approx(cohens_kappa(table).kappa_max, abs=1e-13)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", get_args(Weights))
def test_the_error_by_chance_is_statsmodels(table: np.ndarray, kind: Weights) -> None:
    """The standard error of a kappa of zero is statsmodels', weighted or not."""
    weights = agreement_weights(kind, LABELS)
    theirs = cohens_kappa(table, weights=1 - weights).std_kappa0
    assert kappa_standard_error_by_chance(table, weights) == pytest.approx(theirs, rel=1e-12)


def test_the_t_quantile_is_scipys() -> None:
    """The quantile of Student's t is the same from the part of scipy that loads fast."""
    degrees = np.array([1, 2, 7, 100, 8_130_000])
    assert stdtrit(degrees, 0.975) == pytest.approx(student_t.ppf(0.975, degrees), rel=1e-14)


def test_metrics_load_nothing_slow() -> None:
    """All metrics are imported in a process of its own without any package that is slow to load."""
    names = sorted(path.stem for path in (ROOT / "metrics").glob("*.py") if path.stem not in OVER_PACKAGES)
    script = f"import sys, metrics.catalogue, {', '.join(f'metrics.{name}' for name in names)}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    assert SLOW.isdisjoint(loaded.stdout.split())
