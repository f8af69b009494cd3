"""What is told of standards beside metrics: how a new version was taken up, what it changes, and what is unclear."""

from typing import Any

from dashboard.measure import Source
from metrics.adoption import Adoption, course
from metrics.backlog import Backlog, clause_backlog
from metrics.confusions import confusions
from metrics.flips import Flips, flips
from metrics.noise_audit import NoiseAudit, noise_audit
from metrics.options import Options
from queries.ask import ask
from queries.filters import Filters

EXAMPLES = 3
"""How many cases stand for two clauses that are mixed up."""


def taken_up(source: Source, filters: Filters, _options: Options, policy: str, version: str) -> Adoption:
    """Who decides by a version since it holds: see `metrics.adoption`."""
    answers = ask(source.engine, "adoption", filters, by=("reviewer",))
    return course(answers.filter(item_policy=policy, new_version=version), source.taxonomy)


def flipped(source: Source, filters: Filters, _options: Options, policy: str, version: str) -> Flips:
    """What a version changes, on items that were decided under it and the one before: see `metrics.flips`."""
    pairs = ask(source.engine, "shadow_pairs", filters)
    return flips(pairs.filter(item_policy=policy, new_version=version), source.taxonomy)


def unclear(source: Source, filters: Filters, _options: Options) -> Backlog:
    """The clauses to rewrite, the most urgent first: see `metrics.backlog`."""
    pairs, volumes = (ask(source.engine, name, filters) for name in ("clause_pairs", "clause_counts"))
    mixed_up = ask(source.engine, "clause_confusions", filters, parameters={"most": EXAMPLES})
    return clause_backlog(pairs, volumes, confusions(mixed_up), source.taxonomy)


def noise(source: Source, filters: Filters, options: Options) -> NoiseAudit:
    """What disagreement is made of: see `metrics.noise_audit`."""
    pairs, repeats = (ask(source.engine, name, filters) for name in ("noise_pairs", "repeat_patterns"))
    return noise_audit(pairs, repeats, source.taxonomy, options)


ANSWERS: dict[str, Any] = {"taken_up": taken_up, "flipped": flipped, "unclear": unclear, "noise": noise}
