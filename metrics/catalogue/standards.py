"""The catalogue's entries on changes of standards: what will flip, and who follows the new version."""

from functools import partial

from metrics import adoption, flips
from metrics.catalogue.accuracy import BY_REVIEWER
from metrics.catalogue.metric import SLICES, Metric

_of_standards = partial(Metric, topic="standards", unit="share", bounds=(0, 1))

METRICS = (
    _of_standards(
        name="flip_rate",
        title="Flip rate",
        question="How much content gets another label under the new version of a standard?",
        definition=(
            "Of the items that independent reviews decided under two versions of a policy's standard, and that have a "
            "label that more than half of them gave under each, the share whose label is another under the later one. "
            "By label: changes to and from it. Reviews of stage gold do not count. Part of it is "
            "ordinary disagreement; the note says how much is beyond."
        ),
        formula=r"\frac{\text{items with another label}}{\text{items labelled under both}}",
        better="neither",
        counted="items decided under two versions of a standard",
        min_n=30,
        query="shadow_pairs",
        interval="Wilson score over items: these reviewers, other items like these. doi:10.1080/01621459.1927.10502953",
        source="Wilson (1927), doi:10.1080/01621459.1927.10502953, for the interval",
        compute=flips.flip_rate,
        dimensions=tuple(name for name in (*SLICES, "label") if name not in ("standard_version", "model_version")),
    ),
    _of_standards(
        name="adoption",
        title="Adoption of a new version",
        question="What share of decisions is made by the new version of a standard since it holds?",
        definition=(
            "The posterior mean of the share of decisions by the new version since its launch, from answers to items "
            "that both versions judge differently: gold whose keys differ, and items that a shadow sample labelled "
            "otherwise under each. How often followers of either version choose what the new one says is taken from "
            "answers whose version is known, by who answered and what. Shares of all that are compared are drawn from "
            "one beta distribution."
        ),
        formula=r"P(\text{chosen}) = \pi h + (1 - \pi) f",
        better="higher",
        counted="decisions since the launch on items that the versions judge differently",
        min_n=5,
        query="adoption",
        interval=(
            "The shortest 95 % of the posterior over all beta distributions that are likely; takes answers for "
            "independent: these people, other such items. Simulated, 90 to 93 of 100 held the truth of reviewers with "
            "about six answers, and 87 to 96 that of groups of them."
        ),
        source="Rogan & Gladen (1978), doi:10.1093/oxfordjournals.aje.a112510; Gelman et al. (2013), "
        "ISBN 978-1-4398-4095-5, chapter 5",
        compare=adoption.adoption,
        dimensions=tuple(name for name in BY_REVIEWER if name not in ("model_version", "standard_version")),
    ),
)
