"""What an action did: accuracy since, beyond what was to be expected without it, and beyond what others gained.

Who is coached after a bad spell gets better anyway, because part of a bad spell is bad luck. So accuracy since is set
against a forecast that has this luck taken out: a beta-binomial posterior from the answers before, on the cases that
came since. What everybody gained is taken off by way of peers who were as good before and were not coached. Sources:
Morton and Torgerson (2003), doi:10.1136/bmj.326.7398.1083, on regression to the mean; Efron and Morris (1975),
doi:10.1080/01621459.1975.10479864; Zou and Donner (2008), doi:10.1002/sim.3095, for intervals of differences.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.case_mix import case_mix, codes
from metrics.estimate import Z_95, Estimate, share, undefined, wilson
from metrics.forecasting import Forecaster
from metrics.linearisation import Array
from metrics.taxonomy import Taxonomy

PEERS = 20
"""How many uncoached people, nearest in accuracy before, each coached one is set beside."""
FEWEST_ANSWERS = 20
"""A peer has at least so many answers before and since."""
FEWEST_PEERS = 3
"""With fewer, nothing is taken off for what everybody gained."""
FORECAST = "what was to be expected since, the luck of few answers before taken out"
NO_PEERS = "nothing is taken off for what everybody gained, because too few peers were not coached"
BESIDE_PEERS = "beyond the forecast and beyond what peers gained; assumes that skill is steady otherwise"
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Effect:
    """Accuracy before and since, as counted; the forecast for since; and what is beyond it.

    `gain` is since less forecast, `peers_gain` the same of `peers` uncoached people. `effect` is the gain less that of
    the peers, theirs in proportion to the errors to be expected, in shares of answers; where there are too few peers it
    is the gain, and its note says so.
    """

    before: Estimate
    forecast: Estimate
    since: Estimate
    gain: Estimate
    peers: int
    peers_gain: Estimate
    effect: Estimate


@dataclass(frozen=True, slots=True)
class _Record:
    """Everybody's answers and errors before and since, and the answers of the usual mix of cases that those amount to.

    Of cases twice as hard as usual, one answer amounts to two: as many errors are to be expected of it.
    """

    people: pl.Series
    answers: Array
    wrong: Array
    usual: Array
    answers_since: Array
    wrong_since: Array
    usual_since: Array


def coaching_effect(
    tallies: pl.DataFrame, taxonomy: Taxonomy, coached: Collection[str], *, aside: Collection[str] = ()
) -> Effect:
    """The effect of one action on those `coached` by it, pooled over their answers.

    `tallies` has everybody's gold answers before and since: `reviewer, is_since, item_policy, item_language,
    gold_label, label, answers`. Those `aside` are nobody's peers, because they were coached too. Answers are taken for
    independent. The interval counts the uncertainty of the forecast and of what was observed.
    """
    record = _record(tallies, taxonomy)
    theirs, aside_too = (record.people.is_in(list(names)).to_numpy() for names in (coached, {*coached, *aside}))
    before = _counted(record.wrong[theirs], record.answers[theirs], "before")
    since = _counted(record.wrong_since[theirs], record.answers_since[theirs], "since")
    if not before.n or not since.n:
        nothing = undefined(since.n, before.note or since.note)
        return Effect(before, nothing, since, nothing, 0, nothing, nothing)
    expected = Forecaster.of(record.wrong, record.usual)
    peers = _peers(record, expected.means(), theirs, aside_too)
    count, nobody = int(peers.sum()), np.zeros_like(peers)
    gain = _gain(record, expected, theirs, nobody)
    found = (before, _forecast(record, expected, theirs), since, gain, count)
    if count < FEWEST_PEERS:
        return Effect(*found, undefined(0, NO_PEERS), replace(gain, note=f"{FORECAST}; {NO_PEERS}"))
    effect = replace(_gain(record, expected, theirs, peers), note=BESIDE_PEERS)
    return Effect(*found, _gain(record, expected, peers, nobody), effect)


def _counted(wrong: Array, answers: Array, when: str) -> Estimate:
    n = int(answers.sum())
    return share(n - float(wrong.sum()), n, counted=f"gold answers {when}")


def _record(tallies: pl.DataFrame, taxonomy: Taxonomy) -> _Record:
    """Everybody's counts, and their cases in terms of those of all, who answered such cases before or since."""
    gold, given = codes(tallies, taxonomy)
    since, wrong = tallies["is_since"].to_numpy(), gold != given
    mix = case_mix(tallies, gold, {"wrong": wrong, "since": since, "wrong_since": wrong & since})
    errors, answers, late = mix.sums["wrong"], mix.answers, mix.sums["since"]
    overall = errors.sum() / answers.sum() if errors.any() else 1.0
    usual = np.clip(mix.usual("wrong"), 0, 1) / overall if errors.any() else np.ones_like(answers)
    answers_before, wrong_since = answers - late, mix.sums["wrong_since"]
    wrong_before = mix.of_people(errors - wrong_since)
    return _Record(
        mix.people,
        mix.of_people(answers_before),
        wrong_before,
        np.maximum(mix.of_people(answers_before * usual), wrong_before),
        *(mix.of_people(part) for part in (late, wrong_since, late * usual)),
    )


def _peers(record: _Record, means: Array, theirs: Mask, aside: Mask) -> Mask:
    """Those nearest to each coached one in the share of errors before."""
    able = ~aside & (np.minimum(record.answers, record.answers_since) >= FEWEST_ANSWERS)
    chosen, others = np.zeros(len(means), dtype=bool), np.flatnonzero(able)
    for mean in means[theirs & (record.answers_since > 0)]:
        chosen[others[np.argsort(np.abs(means[others] - mean), kind="stable")[:PEERS]]] = True
    return chosen


def _forecast(record: _Record, expected: Forecaster, those: Mask) -> Estimate:
    """The accuracy to be expected since, on the cases that came, with a normal interval."""
    errors, deviation = expected.sum(_weights(record, those))
    low, value, high = (min(max(1 - errors + z * deviation, 0.0), 1.0) for z in (-Z_95, 0, Z_95))
    return Estimate(value, low, high, int(record.answers_since[those].sum()), FORECAST)


def _gain(record: _Record, expected: Forecaster, those: Mask, others: Mask) -> Estimate:
    """How many fewer errors an answer had than were to be expected, less the same of others.

    Others' gain is taken in proportion to the errors to be expected: what halves everybody's errors takes more from
    those who make more. What was observed of the two and what was to be expected are independent; their distances to
    the ends of their intervals add up in squares.
    """
    weights, weights_others = _weights(record, those), _weights(record, others)
    scale = expected.sum(weights)[0] / expected.sum(weights_others)[0] if others.any() else 0.0
    wrong, fewest, most = _observed(record, those)
    wrong_others, fewest_others, most_others = (scale * each for each in _observed(record, others))
    errors, deviation = expected.sum(weights - scale * weights_others)
    value = errors - (wrong - wrong_others)
    below = math.hypot(most - wrong, wrong_others - fewest_others, Z_95 * deviation)
    above = math.hypot(wrong - fewest, most_others - wrong_others, Z_95 * deviation)
    return Estimate(value, value - below, value + above, int(record.answers_since[those].sum()), FORECAST)


def _observed(record: _Record, those: Mask) -> tuple[float, float, float]:
    """The share of errors since with its interval; of nobody, none."""
    n, wrong = float(record.answers_since[those].sum()), float(record.wrong_since[those].sum())
    return (wrong / n, *wilson(wrong, n)) if n else (0.0, 0.0, 0.0)


def _weights(record: _Record, those: Mask) -> Array:
    """What a person's share of errors on the usual cases adds to that of these people since."""
    answers = np.where(those, record.answers_since, 0.0)
    weights: Array = np.where(those, record.usual_since, 0.0) / max(answers.sum(), 1.0)
    return weights
