"""Whether decisions are harsher or milder than gold, in steps of severity."""

import numpy as np
import polars as pl
import pytest
from tallied import COLUMNS, LABELS, tallied

from metrics.case_mix import BORROWED
from metrics.options import Options
from metrics.severity import severity_shift
from metrics.taxonomy import Taxonomy


def parts(*rows: tuple[tuple[str, str, int], ...], policy: str = "p") -> list[pl.DataFrame]:
    """Slices of gold label, given label and answers."""
    return [tallied(*(("x", *row) for row in each), policy=policy).drop("reviewer") for each in rows]


def shift(slices: list[pl.DataFrame], labels: Taxonomy = LABELS):
    """The metric of slices that are compared."""
    return severity_shift(slices, labels, Options())


def test_a_slice_alone_has_its_own_mean_shift() -> None:
    """Two answers two steps too harsh, one a step too mild, of ten."""
    (found,) = shift(parts((("fine", "hate", 2), ("spam", "fine", 1), ("spam", "spam", 7))))
    assert (found.value, found.n) == (pytest.approx(0.3), 10)
    assert found.low < 0.3 < found.high


def test_harsh_is_above_and_mild_below_whatever_the_values_of_labels() -> None:
    """Steps are ranks: severities of 0, 1 and 50 say the same as 0, 1 and 2."""
    harsh, mild = (("fine", "spam", 5), ("fine", "fine", 45)), (("spam", "fine", 5), ("spam", "spam", 45))
    found = shift(parts(harsh, mild))
    assert found[0].value > 0 > found[1].value
    far = Taxonomy(LABELS.labels, values=(0.0, 1.0, 50.0), violating=LABELS.violating)
    assert [each.value for each in shift(parts(harsh, mild), far)] == [each.value for each in found]


def test_hard_cases_are_no_harshness() -> None:
    """Both get as much of the mild policy and of that in which all are harsh as they give there: nobody differs."""
    hard, easy = (("fine", "spam", 30), ("fine", "fine", 70)), (("fine", "spam", 2), ("fine", "fine", 98))
    of_hard, of_easy = parts(hard, hard, hard, policy="hard"), parts(easy, easy, easy, policy="easy")
    for found in shift([*of_hard, *of_easy]):
        assert found.value == pytest.approx(0.16, abs=0.035)


def test_the_adjustment_by_hand() -> None:
    """One kind of case: the others' mean is expected at every level, and the mean of all is added."""
    found = shift(parts((("fine", "spam", 10), ("fine", "fine", 40)), (("fine", "spam", 5), ("fine", "fine", 95))))
    assert found[0].value == pytest.approx(15 / 150 + 10 / 50 - 5 / 100)
    assert found[1].value == pytest.approx(15 / 150 + 5 / 100 - 10 / 50)
    own, lent = 10 * 0.95**2 + 40 * 0.05**2 - 50 * 0.15**2, BORROWED * 0.05 * 0.95
    half = 1.959963984540054 * np.sqrt((own + lent) / (50 + BORROWED) / 50)
    assert found[0].high - found[0].value == pytest.approx(half)


def test_labels_without_an_order_have_no_harshness() -> None:
    (found,) = shift(parts((("fine", "spam", 10),)), Taxonomy(LABELS.labels))
    assert (found.value, found.n) == (None, 10)
    assert "`severity` in labels" in found.note


def test_a_slice_without_answers_is_undefined_among_others() -> None:
    rows = parts((("fine", "spam", 10),), (("fine", "fine", 10),))
    found = shift([rows[0], rows[0].clear(), rows[1]])
    assert [each.value is None for each in found] == [False, True, False]
    assert shift([pl.DataFrame(schema=COLUMNS).drop("reviewer")])[0].note


def test_intervals_hold_the_planted_shift() -> None:
    """93 to 97 of 100, of reviewers who lean by a step in up to a tenth of their answers, among others who do not."""
    chance, held = np.random.default_rng(12), []
    for _ in range(100):
        up, down = chance.uniform(0, 0.1, (2, 30))
        up[5:] = down[5:] = 0.05
        slices = []
        for more, less in zip(up, down, strict=True):
            harsh, mild, right = chance.multinomial(120, [more, less, 1 - more - less])
            slices += parts((("spam", "hate", harsh), ("spam", "fine", mild), ("spam", "spam", right)))
        found = shift(slices)
        truth = (up - down).mean() + (up - down) - ((up - down).sum() - (up - down)) / 29
        held += [each.low <= true <= each.high for each, true in zip(found[:5], truth[:5], strict=True)]
    print(f"{np.mean(held):.1%}")
    assert 0.93 <= np.mean(held) <= 0.97
