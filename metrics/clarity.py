"""How clear each clause is: whether those who tell violations well read it alike.

A clause is a reason code. On the items for which somebody named it, each reviewer named it too or did not. Who names a
clause more often than others on item after item, and more so than their general severity explains, reads it in their
own way: stable pattern noise by clause (`metrics/components.py`). Where reviewers of good sensitivity do so, the text
is at fault; where only others do, people are. Views of single items cannot be told from moods without repeats, and
count as neither. Source of the idea: Kahneman, Sibony and Sunstein (2021), Noise, ISBN 978-0-316-45140-6.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.components import Components, Pairs, Ratio, components, read_pairs
from metrics.estimate import Estimate, undefined
from metrics.footing import FEWEST
from metrics.intervals import ROUNDING
from metrics.noise import Noise
from metrics.options import Options
from metrics.patterns import places
from metrics.pooling import pooled_detection
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

SKILLED = 2.0
"""The pooled d′ from which somebody tells violations well: 84 % right of either kind, without a leaning."""
NO_CLAUSE = "no clause was named (reason_code) on an item that several decided"
NO_SKILL = f"no reviewer is known to tell violations well (d′ of {SKILLED:g} on gold)"
NEEDS_CLAUSES = "needs reviewers who meet on items of several clauses, to tell reading from severity"


@dataclass(frozen=True, slots=True)
class Readings:
    """How clauses were read: `clauses` has `item_policy, clause` by number, `skilled` says of each reviewer whether so.

    `counts` are the rows that `pairs` were read from, and `all` the components of all clauses.
    """

    counts: pl.DataFrame
    pairs: Pairs
    clauses: pl.DataFrame
    skilled: NDArray[np.bool_]
    all: Components

    @property
    def level(self) -> Ratio:
        """The variance of severity across clauses among the skilled."""
        return self.all.level.among(self.skilled)

    def index(self, pairs: Pairs, found: Components) -> Estimate:
        """The clarity index of some of the pairs: the share of disagreement that is the reading of the skilled."""
        stable = found.stable.among(self.skilled)
        if not pairs.n:
            return undefined(0, NO_CLAUSE)
        if not self.skilled.any():
            return undefined(pairs.n, NO_SKILL)
        if self.level.whole.sum() < ROUNDING or not math.isfinite(stable.value):
            return undefined(pairs.n, NEEDS_CLAUSES)
        noise = Noise(pairs.n, pairs.disagreements, found, self.level)
        return noise.share(stable, stable.value - self.level.value, stable.moves - self.level.moves)


def clarity_index(parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> Sequence[Estimate]:  # noqa: ARG001 - as every metric
    """The share of disagreement that is how skilled reviewers read clauses, of frames of `clause_pairs`.

    Who is skilled, and how severe everybody is, is judged by all slices that are compared.
    """
    every = pl.concat([part.with_columns(part=pl.lit(place)) for place, part in enumerate(parts)])
    n = [int(part.filter(pl.col("reviewer_b").is_not_null())["items"].sum()) for part in parts]
    try:
        found = readings(every, taxonomy)
    except UndefinedError as reason:
        return [undefined(each, str(reason)) for each in n]
    own = [found.pairs.where((found.counts["part"] == place).to_numpy()) for place in range(len(parts))]
    size = {"kinds": found.clauses.height, "people": len(found.skilled)}
    return [found.index(each, components(each, **size)) for each in own]


def readings(counts: pl.DataFrame, taxonomy: Taxonomy) -> Readings:
    """The readings in a frame of `clause_pairs`; `UndefinedError` where nobody knows which labels violate.

    Who enforced and named no clause at all said nothing about any.
    """
    if taxonomy.violating is None:
        raise UndefinedError("needs to know which labels violate: give `is_violating` in labels")
    met = counts.filter(pl.col("reviewer_b").is_not_null() & ~_silent("a", taxonomy) & ~_silent("b", taxonomy))
    named = pl.struct(pl.col("item_policy").fill_null(""), "clause")
    keys = met.select(key=named)["key"]
    clauses = keys.unique().sort()
    one, other = (met[f"is_named_{side}"].fill_null(False).cast(pl.Float64).to_numpy() for side in "ab")  # noqa: FBT003 - a value
    pairs, people = read_pairs(met, pl.Series(places(keys, clauses)), one - other)
    skilled = people.is_in(skilled_reviewers(counts, taxonomy).implode()).to_numpy()
    every = components(pairs, kinds=len(clauses), people=len(people))
    return Readings(met, pairs, clauses.struct.unnest(), skilled, every)


def skilled_reviewers(counts: pl.DataFrame, taxonomy: Taxonomy) -> pl.Series:
    """Who tells violations well, by the answers on gold in a frame of `clause_pairs`: at least five of either kind."""
    violating = sorted(taxonomy.violating or ())
    said, is_gold = pl.col("label_a").is_in(violating), pl.col("label_b").is_in(violating)
    kinds = {"hits": said & is_gold, "violating": is_gold, "alarms": said & ~is_gold, "others": ~is_gold}
    gold = counts.filter(pl.col("reviewer_b").is_null())
    answers = gold.group_by("reviewer_a").agg(
        **{name: pl.col("items").filter(kind).sum() for name, kind in kinds.items()}
    )
    known = answers.filter(pl.min_horizontal("violating", "others") >= FEWEST).sort("reviewer_a")
    if known.is_empty():
        return known["reviewer_a"]
    skill, _ = pooled_detection(*(known[name].cast(pl.Float64).to_numpy() for name in kinds))
    return known["reviewer_a"].filter(pl.Series(skill.values >= SKILLED))


def _silent(side: str, taxonomy: Taxonomy) -> pl.Expr:
    """Whether a reviewer of a pair enforced without naming a clause."""
    return pl.col(f"is_named_{side}").is_null() & pl.col(f"label_{side}").is_in(sorted(taxonomy.violating or ()))
