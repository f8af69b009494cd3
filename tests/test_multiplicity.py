"""Many tests at once, against R and statsmodels."""

from typing import Any

import numpy as np
import pytest
from references import assert_figure, every_figure
from statsmodels.stats.multitest import multipletests

from metrics import multiplicity

METHODS = {
    "BH": (multiplicity.benjamini_hochberg, "fdr_bh"),
    "BY": (multiplicity.benjamini_yekutieli, "fdr_by"),
    "holm": (multiplicity.holm, "holm"),
    "bonferroni": (multiplicity.bonferroni, "bonferroni"),
}
REJECTED = {"n_rejected_BH_0.05": "BH", "n_rejected_bonferroni_0.05": "bonferroni"}


@pytest.mark.parametrize(("case", "name"), every_figure("multiplicity"))
def test_adjusted_p_values_are_those_of_the_reference(case: dict[str, Any], name: str) -> None:
    adjusted = METHODS[REJECTED.get(name, name)][0](np.array(case["inputs"]["p"]))
    assert_figure((adjusted <= 0.05).sum() if name in REJECTED else adjusted, case["expected"][name])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("p", [[0.04], [0.5, 0.001, 0.5, 0.03, 1.0], [0.2] * 4], ids=str)
def test_order_and_ties_are_as_in_statsmodels(method: str, p: list[float]) -> None:
    ours, theirs = METHODS[method]
    assert ours(np.array(p)) == pytest.approx(multipletests(p, method=theirs)[1])


@pytest.mark.parametrize("method", METHODS)
def test_no_tests_are_no_discoveries(method: str) -> None:
    assert METHODS[method][0](np.array([])).size == 0


def test_among_those_called_the_mean_chance_to_be_ordinary_is_false() -> None:
    """Each is called with all who are as unlikely to be ordinary: of 0.01, 0.02 and 0.3 together 0.11 are false."""
    assert multiplicity.among_called(np.array([0.3, 0.01, 0.02, 0.9])) == pytest.approx([0.11, 0.01, 0.015, 0.3075])
    assert multiplicity.among_called(np.array([])).size == 0
