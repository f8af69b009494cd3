"""Every figure on signal detection that R gives."""

from typing import Any

import pytest
from references import assert_figure, every_figure

from metrics.signal_detection import detection

NAMES = {
    "dprime": "d_prime",
    "criterion_c": "criterion",
    "ln_beta": "log_beta",
    "c_prime": "relative_criterion",
    "dprime_se_gourevitch_galanter": "standard_error",
}


@pytest.mark.parametrize(("case", "name"), every_figure("sdt"))
def test_signal_detection_equals_the_reference(case: dict[str, Any], name: str) -> None:
    """Sensitivity, leaning and likelihood ratio are R's, with and without the correction."""
    given = case["inputs"]
    found = detection(
        (given["hits"], given["n_signal"]),
        (given["false_alarms"], given["n_noise"]),
        corrected=given["loglinear_correction"],
    )
    assert_figure(None if found is None else getattr(found, NAMES[name]), case["expected"][name])
