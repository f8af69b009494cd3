"""All reviewers with answers on gold, compared with each other in every way that pages show."""

from dataclasses import dataclass

import polars as pl

from dashboard.measure import Source
from metrics.ranks import Standings, standings
from metrics.reviewers import Funnel, funnel
from metrics.skill import SkillMap, skill_map


@dataclass(frozen=True, slots=True)
class Everybody:
    """All reviewers with answers on gold: their errors, what their accuracy may be, their skill and leaning.

    There is no `skill` where nobody declared which labels violate. `hidden` is how many have fewer answers than may be
    shown of one person: they count among all others, and their own numbers are not there.
    """

    funnel: Funnel
    standings: Standings
    skill: SkillMap | None
    hidden: int = 0


def compared(tallies: pl.DataFrame, source: Source) -> Everybody:
    """Everybody in a frame of `gold_tallies` by reviewer."""
    taxonomy, settings = source.taxonomy, source.settings
    skill = None
    if taxonomy.violating:
        skill = skill_map(tallies, taxonomy, prevalence=settings.reference_prevalence, cost_ratio=settings.cost_ratio)
    return Everybody(funnel(tallies, taxonomy), standings(tallies, target=settings.target), skill)
