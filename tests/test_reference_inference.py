"""Every figure on shares and on matched tables that R and published tables give."""

from typing import Any

import numpy as np
import pytest
from references import assert_figure, every_figure

from metrics import matched, proportions
from metrics.estimate import share

METHODS = {
    "wilson_95": "wilson",
    "clopper_pearson_95": "clopper_pearson",
    "wald_95": "wald",
    "agresti_coull_95_clipped": "agresti_coull",
    "jeffreys_95": "jeffreys",
    "wilson_cc_95": "wilson_corrected",
}


@pytest.mark.parametrize(("case", "name"), every_figure("intervals"))
def test_shares_equal_the_reference(case: dict[str, Any], name: str) -> None:
    """An interval or a test of shares is R's."""
    inputs = case["inputs"]
    if name in METHODS:
        assert_figure(
            proportions.share_interval(inputs["x"], inputs["n"], method=METHODS[name]), case["expected"][name]
        )
        return
    if "x1" in inputs:
        two = inputs["x1"], inputs["n1"], inputs["x2"], inputs["n2"]
        together = proportions.homogeneity(two[::2], two[1::2])
        found = {
            "diff": lambda: share(two[0], two[1]).value - share(two[2], two[3]).value,
            "newcombe_95": lambda: proportions.difference_interval(*two),
            "pearson_chisq": lambda: together.statistic,
            "p_chisq": lambda: together.p,
            "p_fisher": lambda: proportions.exact_difference(*two),
        }[name]()
    else:
        several = proportions.homogeneity(inputs["x"], inputs["n"])
        found = {"chisq": several.statistic, "df": several.degrees_of_freedom, "p": several.p}[name]
    assert_figure(found, case["expected"][name])


@pytest.mark.parametrize(("case", "name"), every_figure("matched"))
def test_matched_tables_equal_the_reference(case: dict[str, Any], name: str) -> None:
    """A test of change between two labellings is R's."""
    table = np.array(case["inputs"]["table"])
    found = {
        "bowker_symmetry": lambda: matched.bowker_symmetry(table).statistic,
        "bowker_df": lambda: matched.bowker_symmetry(table).degrees_of_freedom,
        "bowker_p": lambda: matched.bowker_symmetry(table).p,
        "stuart_maxwell": lambda: matched.stuart_maxwell(table).statistic,
        "stuart_maxwell_p": lambda: matched.stuart_maxwell(table).p,
        "bhapkar": lambda: matched.bhapkar(table).statistic,
        "mcnemar_cc": lambda: matched.mcnemar_chi_squared(table, corrected=True).statistic,
        "mcnemar_exact_p": lambda: matched.mcnemar_exact(table),
        "mcnemar_chisq": lambda: matched.mcnemar_chi_squared(table).statistic,
        "mcnemar_p": lambda: matched.mcnemar_chi_squared(table).p,
        "mcnemar_midp": lambda: matched.mcnemar_mid_p(table),
    }[name]()
    assert_figure(found, case["expected"][name])
