"""Agreement of all reviewers together. Every function takes the counts of `rating_patterns` or of `item_ratings`."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from metrics import formulas
from metrics.estimate import Estimate, undefined, without_interval
from metrics.footing import shortage
from metrics.formulas import PAIRABLE, Formula
from metrics.grouping import narrowed, violating_or_not
from metrics.intervals import NO_PAIRABLE_ITEM, NO_VARIATION, SAME_REVIEWERS, Meaning, estimate
from metrics.leaving_out import over_reviewers, without_each_reviewer
from metrics.linearisation import Counts, SmoothStatistic, spread
from metrics.options import Options, Weights
from metrics.patterns import Patterns, item_ratings, rating_patterns
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError


def percent_agreement(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """How often two ratings of an item are alike, by `options.weights` where being near counts too."""
    return _measured("percent_agreement", counts, taxonomy, options)


def krippendorff_alpha(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Krippendorff's alpha at `options.level`, from items with two ratings or more."""
    return _measured("krippendorff_alpha", counts, taxonomy, options)


def fleiss_kappa(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Fleiss' kappa for any number of ratings of an item."""
    return _measured("fleiss_kappa", counts, taxonomy, options)


def scott_pi(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Scott's pi, which is Fleiss' kappa of two ratings of an item; the note says where there are more."""
    found = _measured("fleiss_kappa", counts, taxonomy, options)
    if (rating_patterns(counts, taxonomy).ratings <= 2).all():  # noqa: PLR2004 - pi is for pairs of ratings
        return found
    return replace(found, note=f"{found.note}; some items have more than two ratings: this is Fleiss' kappa")


def gwet_ac1(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Gwet's AC1: agreement beyond chance that stays readable when one label is rare."""
    return _measured("gwet_ac1", counts, taxonomy, options)


def gwet_ac2(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Gwet's AC2: AC1 with partial credit for near labels; linear weights unless `options.weights` says otherwise."""
    return _measured("gwet_ac2", counts, taxonomy, options)


def brennan_prediger(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Brennan and Prediger's kappa: agreement beyond even guessing among the declared labels."""
    return _measured("brennan_prediger", counts, taxonomy, options)


def positive_agreement(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """When one reviewer says violating (or `options.label`), how often another does."""
    return _measured("positive_agreement", counts, taxonomy, options)


def negative_agreement(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """When one reviewer says not violating (or not `options.label`), how often another does."""
    return _measured("negative_agreement", counts, taxonomy, options)


def prevalence_index(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The violating share of ratings minus the rest's: near -1 or 1, chance-corrected agreement is fragile.

    Source: Byrt, Bishop and Carlin (1993), doi:10.1016/0895-4356(93)90018-V.
    """
    return _measured("prevalence_index", counts, taxonomy, options)


def coefficient(name: str, patterns: Patterns, taxonomy: Taxonomy, options: Options) -> SmoothStatistic:
    """A coefficient of given items with all its standard errors; `name` is one of the functions above."""
    formula, groups = definition(name, taxonomy, options)
    return formula.of(patterns.grouped(groups))


def definition(name: str, taxonomy: Taxonomy, options: Options) -> tuple[Formula, Counts]:
    """The formula of a coefficient, and the grouping of labels it is computed on."""
    taxonomy, options, narrow = narrowed(taxonomy, options)
    formula, groups = _DEFINITIONS[name](taxonomy, options)
    return formula, groups[narrow]


def gwet_standard_error(statistic: SmoothStatistic) -> float | None:
    """Gwet's own standard error of a coefficient of his family, as R's irrCAC prints it.

    It takes the share of items with two ratings as known, so it is far too large where most items have one.
    """
    value = statistic.value()
    if value is None or statistic.n < 2:  # noqa: PLR2004 - one item has no spread
        return None
    features = np.asarray(statistic.features)
    share_pairable = features[:, PAIRABLE] / statistic.totals[PAIRABLE] - 1 / statistic.n
    return spread(statistic.influence() + value * share_pairable, statistic.units)


def _measured(name: str, counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    patterns = rating_patterns(counts, taxonomy)
    n = int(patterns.pairable.items.sum())
    if n == 0:
        return undefined(0, NO_PAIRABLE_ITEM)
    try:
        formula, groups = definition(name, taxonomy, options)
    except UndefinedError as reason:
        return undefined(n, str(reason))
    patterns = patterns.grouped(groups)
    statistic = formula.of(patterns)
    value = statistic.value()
    short = shortage(patterns.pairable, rests_on_disagreement=formula.rests_on_disagreement)
    if value is not None and short:
        return without_interval(value, n, short)
    if value is not None and options.interval == "reviewers":
        left_out = without_each_reviewer(item_ratings(counts, taxonomy).grouped(groups), formula)
        return over_reviewers(value, left_out, bounds=formula.bounds, n=n)
    if value is not None and options.interval == "gwet":
        return _gwet_interval(name, value, statistic, n=n)
    return estimate(statistic, options, Meaning(formula.bounds, SAME_REVIEWERS, formula.reason), n=n)


def _gwet_interval(name: str, value: float, statistic: SmoothStatistic, *, n: int) -> Estimate:
    """Gwet's t interval, cut off at the ends of the range."""
    if name not in _GWET_FAMILY:
        return without_interval(value, n, "no interval: Gwet gives none for this coefficient")
    error = gwet_standard_error(statistic)
    if not error:
        return without_interval(value, n, NO_VARIATION)
    from scipy.special import stdtrit  # noqa: PLC0415 - only this interval needs it, and it is slow to load

    half = float(stdtrit(statistic.n - 1, 0.975)) * error
    lowest = min(0.0 if name == "percent_agreement" else -1.0, value)
    return Estimate(value, max(value - half, lowest), min(value + half, 1.0), n, f"{SAME_REVIEWERS} (Gwet's formula)")


def _weighed(formula: Callable[[Weights, Taxonomy], Formula], default: Weights) -> "_Definition":
    def defined(taxonomy: Taxonomy, options: Options) -> tuple[Formula, Counts]:
        return formula(options.weights or default, taxonomy), np.arange(len(taxonomy.labels))

    return defined


def _two_sided(formula: Formula) -> "_Definition":
    return lambda taxonomy, _options: (formula, violating_or_not(taxonomy))


_Definition = Callable[[Taxonomy, Options], tuple[Formula, Counts]]
_GWET_FAMILY = ("percent_agreement", "fleiss_kappa", "gwet_ac1", "gwet_ac2", "brennan_prediger")
_DEFINITIONS: dict[str, _Definition] = {
    "percent_agreement": _weighed(formulas.percent_agreement, "none"),
    "krippendorff_alpha": lambda taxonomy, options: formulas.alpha(options.level, taxonomy),
    "fleiss_kappa": _weighed(formulas.fleiss, "none"),
    "gwet_ac1": lambda taxonomy, _options: (formulas.gwet_ac("none", taxonomy), np.arange(len(taxonomy.labels))),
    "gwet_ac2": _weighed(formulas.gwet_ac, "linear"),
    "brennan_prediger": _weighed(formulas.brennan_prediger, "none"),
    "positive_agreement": _two_sided(formulas.specific_agreement(0)),
    "negative_agreement": _two_sided(formulas.specific_agreement(1)),
    "prevalence_index": _two_sided(formulas.prevalence()),
}
