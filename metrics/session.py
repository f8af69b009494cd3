"""What a calibration session changed: agreement on its cases before and after, and against controls.

The cases were chosen because they split the room, so on them agreement rises by itself when people are asked again:
regression to the mean. What that would bring is said beside the rise; what the talk brought is the difference to the
controls, which were as split, were drawn by lot, and were not talked about.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from metrics.before_after import change, level
from metrics.estimate import Estimate, undefined
from metrics.linearisation import Array, Counts
from metrics.patterns import label_codes, places, rating_patterns
from metrics.taxonomy import Taxonomy

NO_CONTROLS = "no controls: a rise cannot be told from what asking again would bring by itself"
NO_POLICY = "(no policy)"
AGREEMENT, ALPHA = "percent_agreement", "krippendorff_alpha"


@dataclass(frozen=True, slots=True)
class Rounds:
    """The two rounds of ratings on the cases of a session: label counts (cases by labels), row for row.

    `pair` is the number of the pair of a case and its control, and `expected` the agreement of two further reviewers
    of a case, as forecast from its earlier reviews.
    """

    policy: pl.Series
    clause: pl.Series
    before: Counts
    after: Counts
    pair: Counts
    is_control: np.ndarray
    expected: Array
    taxonomy: Taxonomy

    def part(self, kept: np.ndarray) -> "Rounds":
        """Only some of the cases."""
        arrays = {name: getattr(self, name)[kept] for name in ("before", "after", "pair", "is_control", "expected")}
        return replace(self, policy=self.policy.filter(kept), clause=self.clause.filter(kept), **arrays)


def rounds(cases: pl.DataFrame, votes: pl.DataFrame, labels: tuple[str, ...]) -> Rounds:
    """The rounds of a session from its cases (`pattern` of earlier reviews, `ambiguity`) and votes (`case_id, label`).

    A clause is named with its policy; where none is known, the policy stands for it.
    """
    taxonomy = Taxonomy(labels)
    ordered = cases.sort("pair", "is_control")
    after = np.zeros((ordered.height, len(labels)), dtype=np.int64)
    case, label = places(votes["case_id"], ordered["case_id"]), label_codes(votes["label"], taxonomy).to_numpy()
    np.add.at(after, (case, label), 1)
    policy = pl.col("policy").fill_null(NO_POLICY)
    named = ordered.select(policy, clause=pl.concat_str(policy, "clause", separator=" · ", ignore_nulls=True))
    return Rounds(
        named["policy"],
        named["clause"],
        rating_patterns(ordered.select("pattern", items=pl.lit(1)), taxonomy).counts,
        after,
        ordered["pair"].to_numpy(),
        ordered["is_control"].to_numpy(),
        1 - ordered["ambiguity"].to_numpy(),
        taxonomy,
    )


def by_clause(found: Rounds) -> pl.DataFrame:
    """A row for all cases, in which `clause` is null, and one for each policy and clause; `_row` has the columns."""
    rows = [_row(None, found)]
    for policy in found.policy.unique().sort():
        rows.append(_row(policy, within := found.part((found.policy == policy).to_numpy())))
        clauses = within.clause.unique().sort()
        rows += [_row(name, within.part((within.clause == name).to_numpy())) for name in clauses if name != policy]
    return pl.DataFrame(rows, infer_schema_length=None)


def alpha(found: Rounds) -> tuple[float | None, float | None, Estimate]:
    """Krippendorff's alpha of the cases talked about, before and after, and how far it rose with its interval."""
    talked = found.part(~found.is_control)
    both = _asked_twice(talked)
    before, after = both.before, both.after
    was, is_now = (level(ALPHA, counts, found.taxonomy) for counts in (before, after))
    return was, is_now, change(ALPHA, before, after, found.taxonomy)


def effect(found: Rounds) -> Estimate:
    """How much more the cases talked about are agreed on than their controls, pair by pair."""
    talked, control = found.part(~found.is_control), found.part(found.is_control)
    _, mine, theirs = np.intersect1d(talked.pair, control.pair, return_indices=True)
    if mine.size == 0:
        return undefined(0, NO_CONTROLS)
    return change(AGREEMENT, control.after[theirs], talked.after[mine], found.taxonomy)


def _asked_twice(found: Rounds) -> Rounds:
    return found.part((found.before.sum(axis=1) > 1) & (found.after.sum(axis=1) > 1))


def _row(clause: str | None, found: Rounds) -> dict[str, object]:
    """Agreement (the share of pairs of ratings that agree) before and after, the rise and the effect with intervals.

    `cases` and `controls` have two ratings in both rounds. `expected` is what asking again would bring by itself.
    """
    both = _asked_twice(found)
    talked, control = both.part(~both.is_control), both.part(both.is_control)
    rise, beyond = change(AGREEMENT, talked.before, talked.after, found.taxonomy), effect(found)
    return {
        "clause": clause,
        "cases": len(talked.pair),
        "votes": int(talked.after.sum()),
        "before": level(AGREEMENT, talked.before, found.taxonomy),
        "after": level(AGREEMENT, talked.after, found.taxonomy),
        **_flat("rise", rise),
        "expected": float(talked.expected.mean()) if len(talked.pair) else None,
        "controls": len(control.pair),
        "controls_before": level(AGREEMENT, control.before, found.taxonomy),
        "controls_after": level(AGREEMENT, control.after, found.taxonomy),
        **_flat("effect", beyond),
    }


def _flat(name: str, estimate: Estimate) -> dict[str, object]:
    ends = {f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    return {name: estimate.value, **ends, f"{name}_note": estimate.note}
