"""The auditors themselves: how far they agree, how right they are, and what their errors do to what they say."""

import numpy as np
import polars as pl
import pytest
from audited import KEEP_OR_REMOVE, WORKED, counts

from metrics import auditors, audits
from metrics.estimate import Estimate
from metrics.options import Options
from metrics.taxonomy import Taxonomy

SENSITIVITY, SPECIFICITY = 0.9, 0.95
VIOLATING = {"keep": 0.05, "remove": 0.8}
"""Of the decisions of each kind, the share on content that violates."""


def expected_pairs(share: float) -> list[float]:
    """How often two auditors find nothing, differ and both find a violation, where this share violates."""
    hits, alarms = SENSITIVITY, 1 - SPECIFICITY
    both = share * hits**2 + (1 - share) * alarms**2
    differ = 2 * (share * hits * (1 - hits) + (1 - share) * alarms * (1 - alarms))
    return [1 - both - differ, differ, both]


def doubled(cells: dict[str, list[int]]) -> pl.DataFrame:
    """Decisions that were audited twice: for each kind, how often nothing, one violation and two were found."""
    frames = []
    for label, (nothing, differ, both) in cells.items():
        found = {
            ("keep", "keep"): nothing,
            ("keep", "remove"): differ // 2,
            ("remove", "keep"): differ - differ // 2,
            ("remove", "remove"): both,
        }
        frames += [counts([("", 0.1, label, one, n)], second=other) for (one, other), n in found.items()]
    return pl.concat(frames)


EXACT = doubled(
    {label: [round(100_000 * part) for part in expected_pairs(share)] for label, share in VIOLATING.items()}
)


def test_agreement_is_the_share_of_double_audits_with_one_label():
    found = auditors.agreement(doubled({"keep": [60, 10, 10], "remove": [5, 15, 100]}), KEEP_OR_REMOVE, Options())
    assert (found.value, found.n) == (175 / 200, 200)


def test_double_audits_of_two_kinds_of_decisions_tell_how_right_auditors_are():
    """The pairs that auditors of known ability would make give it back, to the rounding of the counts."""
    for metric, true in ((auditors.sensitivity, SENSITIVITY), (auditors.specificity, SPECIFICITY)):
        found = metric(EXACT, KEEP_OR_REMOVE, Options())
        assert found.value == pytest.approx(true, abs=1e-4)
        assert found.low < true < found.high
        assert found.note == auditors.ASSUMED


def test_the_ability_of_auditors_is_that_of_the_likelihoods_maximum():
    """Four parameters and four free counts: the closed form is where the likelihood of the counts is greatest."""
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to load

    pairs = np.array([[235, 13, 5], [105, 38, 501]])

    def unlikelihood(theta):
        hits, passes, *shares = 1 / (1 + np.exp(-theta))
        alarms = 1 - passes
        total = 0.0
        for share, (nothing, differ, both) in zip(shares, pairs, strict=True):
            two = share * hits**2 + (1 - share) * alarms**2
            one = 2 * (share * hits * (1 - hits) + (1 - share) * alarms * passes)
            total -= nothing * np.log(1 - one - two) + differ * np.log(one) + both * np.log(two)
        return total

    fitted = minimize(
        unlikelihood, [3, 3, -3, 1.5], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 9_000}
    )
    assert auditors.ability(pairs) == pytest.approx(1 / (1 + np.exp(-fitted.x[:2])), abs=1e-5)


def test_what_auditors_found_is_corrected_for_their_errors():
    """Of 1,000 decisions to keep and 1,000 to remove, 5 % and 80 % violate."""
    for metric, true in (
        (auditors.corrected_prevalence, 0.425),
        (auditors.corrected_accuracy, (0.95 + 0.8) / 2),
    ):
        found = metric(EXACT, KEEP_OR_REMOVE, Options())
        assert found.value == pytest.approx(true, abs=2e-3)
        assert found.low < true < found.high


def test_rogan_and_gladen_by_hand():
    assert auditors.corrected(np.array(0.22), np.array(0.9), np.array(0.95)) == pytest.approx(0.2)


@pytest.mark.parametrize("seed", range(3))
def test_intervals_of_auditors_hold_what_was_planted(seed):
    """Of 200 logs of 250 and 650 double audits, the intervals hold both shares in 91 % or more."""
    random = np.random.default_rng(seed)
    held = np.zeros(2)
    for _ in range(200):
        rows = doubled(
            {
                label: random.multinomial(n, expected_pairs(VIOLATING[label])).tolist()
                for label, n in (("keep", 250), ("remove", 650))
            }
        )
        for place, (metric, true) in enumerate(
            ((auditors.sensitivity, SENSITIVITY), (auditors.specificity, SPECIFICITY))
        ):
            found = metric(rows, KEEP_OR_REMOVE, Options(replicates=1_000))
            held[place] += found.low <= true <= found.high
    assert (held >= 0.91 * 200).all(), held


def test_where_two_kinds_of_decisions_look_alike_nothing_is_said():
    alike = doubled({"keep": [50, 10, 40], "remove": [50, 10, 40]})
    found = auditors.sensitivity(alike, KEEP_OR_REMOVE, Options())
    assert (found.value, found.note) == (None, auditors.UNTOLD)


def test_few_double_audits_of_a_kind_are_withheld():
    found = auditors.corrected_accuracy(doubled({"keep": [4, 0, 0], "remove": [10, 10, 60]}), KEEP_OR_REMOVE, Options())
    assert found.note == "withheld: 4 double audits of one kind of decision, fewer than 5"
    assert auditors.agreement(counts(WORKED), KEEP_OR_REMOVE, Options()).note == "no double audits"


def test_without_knowing_what_violates_only_agreement_is_known():
    assert auditors.agreement(EXACT, Taxonomy(("keep", "remove")), Options()).value
    assert "is_violating" in auditors.specificity(EXACT, Taxonomy(("keep", "remove")), Options()).note


def test_if_auditors_were_97_percent_right_more_decisions_would_be():
    """(0.9756 + 0.97 - 1) / 0.94 is above 1: auditors so bad could not agree so often."""
    audited = audits.accuracy(counts(WORKED), KEEP_OR_REMOVE, Options())
    assert auditors.what_if(audited, auditor=0.97).note == "auditors who err so often could not have found this"
    found = auditors.what_if(Estimate(0.9, 0.88, 0.98, 500), auditor=0.97)
    assert (found.value, found.low, found.high) == (pytest.approx(0.87 / 0.94), pytest.approx(0.85 / 0.94), 1.0)
    assert found.note == "if 97 % of auditors' verdicts were right"
    perfect = auditors.what_if(audited, auditor=1.0)
    assert (perfect.value, perfect.low) == pytest.approx((audited.value, audited.low))
    assert auditors.what_if(Estimate(None, None, None, 0, "none"), auditor=0.97).note == "none"
