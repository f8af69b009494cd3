"""Why a mean changed between two windows: other segments, or other values within them.

Kitagawa's decomposition, nested: the change within a policy is itself split over its languages, and so on. With the
share s of a segment in the segment above it and its mean v, bars meaning the mean of both windows,

    change = sum over segments of  s̄ Δv  +  (v̄ − v̄ of the segment above) Δs,

and Δv of a segment is decomposed in the same way until the last level, where it is a change of the value itself. The
terms add up to the change exactly. What a growing segment adds is counted from the mean of its siblings, so that it
adds nothing where it is like the others. A segment that one window lacks has there the mean that it has in the other.

Kitagawa (1955), doi:10.1080/01621459.1955.10501299.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.estimate import Z_95
from metrics.nesting import Floats, Level, Window, mix, segments, within

DRAWS = 1_000
_SEED = 20_251_123
TERMS: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("kind", "level", "segment"), pl.String),
    "path": pl.List(pl.String),
    **dict.fromkeys(("term", "low", "high", "share_before", "share_after", "value_before", "value_after"), pl.Float64),
    **dict.fromkeys(("n_before", "n_after"), pl.Int64),
}


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A change and its terms.

    `terms` has two rows per segment of every level: "mix", what its share adds, and "value", what the last level's
    values in it add; `path` names those above it too. The change is the mix of all levels and the values of any one.
    `mix`, `within` and `at_former_mix` are (value, low, high): how much of the change is other segments, how much
    other values in them, and what the later value would be with the earlier mix.
    """

    before: float
    after: float
    terms: pl.DataFrame
    mix: tuple[float, float, float]
    within: tuple[float, float, float]
    at_former_mix: tuple[float, float, float]

    @property
    def is_reversed(self) -> bool:
        """Whether the mix moved the whole against what its segments did on the whole: Simpson's case."""
        return self.within[0] * (self.after - self.before) < 0 and self.mix[1] * self.mix[2] > 0


def waterfall(before: pl.DataFrame, after: pl.DataFrame, levels: Sequence[str], *, draws: int = DRAWS) -> Waterfall:
    """The change of a mean, from its estimates in the segments of two windows.

    Both frames have the columns of `levels`, coarsest first, and value, low, high, n as `measure` gives them; the mean
    of a window is that of its segments by n. Intervals are normal, from `draws` in which the segments' sizes are
    multinomial and their means as sure as their own intervals say, or as the window's observations are on average:
    as those of a share are, where no segment has an interval.
    """
    joined = _joined(before, after, levels)
    paths = joined.select(levels).rows()
    random = np.random.default_rng(_SEED)
    drawn = [_window(joined, suffix, random, draws) for suffix in ("_before", "_after")]
    nested = [segments(drawn, paths, depth) for depth in range(len(levels) + 1)]
    values, mixes = within(nested), [mix(nested, depth) for depth in range(1, len(levels) + 1)]
    of_mix = sum((each.sum(axis=1) for each in mixes), np.zeros(draws + 1))
    former = (nested[-1].value[1] * drawn[0].n).sum(axis=1) / drawn[0].n.sum(axis=1)
    return Waterfall(
        before=float(nested[0].value[0][0, 0]),
        after=float(nested[0].value[1][0, 0]),
        terms=pl.concat(
            _rows(nested, depth, mixes[depth - 1], values, levels, paths) for depth in range(1, len(nested))
        ),
        mix=_spread(of_mix),
        within=_spread(values.sum(axis=1)),
        at_former_mix=_spread(former),
    )


def _joined(before: pl.DataFrame, after: pl.DataFrame, levels: Sequence[str]) -> pl.DataFrame:
    """The segments that either window has; missing names are texts, so that they join."""
    named = [
        frame.select(*(pl.col(level).fill_null("") for level in levels), "value", "low", "high", "n")
        .filter(pl.col("n") > 0, pl.col("value").is_not_null())
        .rename({name: name + suffix for name in ("value", "low", "high", "n")})
        for frame, suffix in ((before, "_before"), (after, "_after"))
    ]
    return named[0].join(named[1], on=list(levels), how="full", coalesce=True).sort(levels)


def _window(joined: pl.DataFrame, suffix: str, random: np.random.Generator, draws: int) -> Window:
    """The first row is what was observed; then draws. A segment without observations stays without."""
    n = joined["n" + suffix].fill_null(0).to_numpy().astype(float)
    value, low, high = (joined[name + suffix].to_numpy().astype(float) for name in ("value", "low", "high"))
    own = (high - low) / (2 * Z_95)
    # The standard deviation of one observation, as the segments with an interval show it.
    known = np.isfinite(own) & (n > 0)
    middle = np.average(value[n > 0], weights=n[n > 0])
    variance = np.average(own[known] ** 2 * n[known], weights=n[known]) if known.any() else middle * (1 - middle)
    error = np.where(np.isfinite(own), own, np.sqrt(variance / np.maximum(n, 1)))
    sizes = random.multinomial(int(n.sum()), n / n.sum(), size=draws)
    means = value + error * random.standard_normal((draws, len(n)))
    return Window(np.vstack([n, sizes]), np.vstack([value, means]))


def _spread(drawn: Floats) -> tuple[float, float, float]:
    """What was observed, with the interval that the draws give."""
    observed, error = float(drawn[0]), float(np.std(drawn[1:]))
    return observed, observed - Z_95 * error, observed + Z_95 * error


def _rows(
    nested: Sequence[Level],
    depth: int,
    added: Floats,
    values: Floats,
    levels: Sequence[str],
    paths: Sequence[tuple[str, ...]],
) -> pl.DataFrame:
    """What the segments of a depth add."""
    level, names = nested[depth], list(dict.fromkeys(path[:depth] for path in paths))
    frames = []
    for kind, drawn in (("mix", added), ("value", values @ level.member)):
        error = Z_95 * drawn[1:].std(axis=0)
        columns = {
            "kind": [kind] * len(names),
            "level": [levels[depth - 1]] * len(names),
            "segment": [path[-1] for path in names],
            "path": [list(path) for path in names],
            **dict(zip(("term", "low", "high"), (drawn[0], drawn[0] - error, drawn[0] + error), strict=True)),
        }
        for place, when in enumerate(("before", "after")):
            columns |= {f"share_{when}": level.share[place][0], f"value_{when}": level.value[place][0]}
            columns |= {f"n_{when}": level.n[place][0].astype(int)}
        frames.append(pl.DataFrame(columns, schema=TERMS))
    return pl.concat(frames)
