"""A change split into other segments and other values adds up, whatever the segments."""

import numpy as np
import polars as pl
import pytest
from references import assert_figure, cases

from metrics.estimate import wilson
from metrics.waterfall import waterfall

LEVELS = ("policy", "language", "market")


def answers(n: list[int], right: list[int], **segments: list[str]) -> pl.DataFrame:
    """The estimates of segments, with Wilson's interval."""
    ends = [wilson(x, m) if m else (None, None) for x, m in zip(right, n, strict=True)]
    return pl.DataFrame(
        segments
        | {
            "value": [x / m if m else None for x, m in zip(right, n, strict=True)],
            "low": [low for low, _ in ends],
            "high": [high for _, high in ends],
            "n": n,
        }
    )


def some_segments(random: np.random.Generator) -> pl.DataFrame:
    """Some of eighteen segments, of any size."""
    paths = [(p, f"{p}-{la}", m) for p in "abc" for la in "xyz" for m in "12"]
    kept = [path for path in paths if random.random() < 0.8]
    n = random.integers(1, 60, len(kept))
    columns = dict(zip(LEVELS, (list(names) for names in zip(*kept, strict=True)), strict=True))
    return answers([int(each) for each in n], [int(each) for each in random.binomial(n, random.random())], **columns)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_terms_add_up_to_the_change(seed: int, depth: int) -> None:
    """Also where a window lacks a segment."""
    random = np.random.default_rng(seed)
    before, after = some_segments(random), some_segments(random)
    levels = LEVELS[:depth]
    found = waterfall(merged(before, levels), merged(after, levels), levels, draws=10)
    change = mean(after) - mean(before)
    mix = found.terms.filter(kind="mix")["term"].sum()
    assert found.after - found.before == pytest.approx(change, abs=1e-12)
    assert found.mix[0] + found.within[0] == pytest.approx(change, abs=1e-12)
    for level in levels:
        values = found.terms.filter(kind="value", level=level)["term"].sum()
        assert mix + values == pytest.approx(change, abs=1e-12)


def merged(frame: pl.DataFrame, levels: tuple[str, ...]) -> pl.DataFrame:
    """The estimates of coarser segments."""
    value = (pl.col("value") * pl.col("n")).sum() / pl.col("n").sum()
    none = pl.lit(None, dtype=pl.Float64)
    return frame.group_by(levels).agg(value, pl.col("n").sum()).with_columns(low=none, high=none)


def mean(frame: pl.DataFrame) -> float:
    """The mean of all observations."""
    return float((frame["value"] * frame["n"]).sum() / frame["n"].sum())


def test_admissions_to_berkeley_are_told_as_simpsons_case() -> None:
    """Men were admitted more often, and on the whole less often within departments: the departments did it."""
    case = cases("decomposition")["ucb_admissions"]
    departments = list("ABCDEF")
    women, men = (
        answers(case["inputs"][f"n_{who}"], case["inputs"][f"x_{who}"], department=departments) for who in "BA"
    )
    found, expected = waterfall(women, men, ["department"]), case["expected"]
    assert_figure(found.after, expected["rate_A"])
    assert_figure(found.before, expected["rate_B"])
    assert_figure(found.mix[0], expected["kitagawa_composition_effect"])
    assert_figure(found.within[0], expected["kitagawa_rate_effect"])
    values = found.terms.filter(kind="value").sort("segment")["term"].to_list()
    assert_figure(values, expected["rate_effect_by_stratum"])
    assert found.is_reversed
    assert not waterfall(women, women, ["department"]).is_reversed


def test_a_segment_that_grows_adds_nothing_where_it_is_like_the_others() -> None:
    before = answers([100, 100], [50, 50], policy=["p", "q"])
    after = answers([100, 300], [50, 150], policy=["p", "q"])
    assert waterfall(before, after, ["policy"]).terms["term"].to_list() == [0, 0, 0, 0]


def test_what_only_one_window_has_is_mix() -> None:
    before = answers([100], [50], policy=["p"])
    after = answers([100, 100], [50, 90], policy=["p", "q"])
    found = waterfall(before, after, ["policy"])
    assert found.within[0] == 0
    assert found.mix[0] == pytest.approx(0.2)
    assert found.at_former_mix[0] == pytest.approx(0.5)


def test_intervals_hold_the_truth() -> None:
    """Of 300 pairs of windows with known shares and values, 93 to 97 in 100 for either part."""
    random = np.random.default_rng(5)
    shares = np.array([[0.5, 0.3, 0.2], [0.4, 0.3, 0.3]])
    values = np.array([[0.9, 0.8, 0.6], [0.88, 0.84, 0.6]])
    policies = ["p", "q", "r"]
    within = (shares.mean(axis=0) * (values[1] - values[0])).sum()
    mix = (values.mean(axis=0) * (shares[1] - shares[0])).sum()
    held = []
    for _ in range(300):
        windows = []
        for share, value in zip(shares, values, strict=True):
            n = random.multinomial(2_000, share)
            right = [int(each) for each in random.binomial(n, value)]
            windows.append(answers([int(each) for each in n], right, policy=policies))
        found = waterfall(*windows, ["policy"], draws=300)
        held.append((found.mix[1] <= mix <= found.mix[2], found.within[1] <= within <= found.within[2]))
    assert (np.abs(np.mean(held, axis=0) - 0.95) < 0.025).all()
