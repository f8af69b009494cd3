"""The catalogue's entries on noise: what disagreement is made of, and what it calls for."""

from functools import partial

from metrics import clarity, noise
from metrics.catalogue.metric import SLICES, Metric

KAHNEMAN = "Kahneman, Sibony & Sunstein (2021), Noise, ISBN 978-0-316-45140-6"
HENDERSON = "estimated by moments as in Henderson (1953), doi:10.2307/3001853"
OVER_REVIEWERS = (
    "Chi-squared, with the degrees of freedom that the reviewers' parts show: Satterthwaite (1946), "
    "doi:10.2307/3002019. Over reviewers like these, who are taken for independent; what all others have in common is "
    "held fixed. Of a hundred intervals 92 to 95 held the truth, among thirty reviewers and among twelve."
)

_noise = partial(
    Metric,
    topic="noise",
    unit="share",
    better="lower",
    bounds=(0, 1),
    counted="items that several decided",
    min_n=30,
    query="noise_pairs",
    dimensions=(*SLICES, "label"),
    options=("categories", "level"),
    interval=OVER_REVIEWERS,
    source=f"{KAHNEMAN}; {HENDERSON}",
)

METRICS = (
    _noise(
        name="level_noise",
        title="Level noise",
        question="How much of the disagreement is that some are harsher than others, whatever they see?",
        definition=(
            "The variance between reviewers that holds from policy to policy, as a share of all variance between the "
            "reviewers of one item: of violating or not, of the probability that two differ. Much of it calls for "
            "training. Items of 2 to 50 independent reviewers count. A slice of one policy has the level of all that "
            "are compared. --set level=ordinal measures in steps of severity."
        ),
        formula=r"\frac{\sigma^2_{level}}{\sigma^2_{system}}",
        compare=noise.level_noise,
    ),
    _noise(
        name="pattern_noise",
        title="Pattern noise",
        question="How much of the disagreement is that people read policies each in their own way?",
        definition=(
            "The variance between reviewers that holds within a policy beyond the level noise, as a share of all "
            "variance between the reviewers of one item. Much of it calls for clearer rules. What reviewers think of "
            "single items is not in it: that takes items that come back. Needs reviewers who meet on several policies."
        ),
        formula=r"\frac{\sigma^2_{reviewer \times policy}}{\sigma^2_{system}}",
        compare=noise.pattern_noise,
    ),
    _noise(
        name="occasion_noise",
        title="Occasion noise",
        question="How much of the disagreement does one person alone show when an item comes back?",
        definition=(
            "The mean squared difference of one reviewer's consecutive decisions on an item, over that of two "
            "reviewers of the same items: of violating or not, how often two decisions of one person differ over how "
            "often those of two people do. Much of it calls for rest and simpler work, as neither training nor rules "
            "mend it. Always from all decisions, whatever the rule for repeats."
        ),
        formula=r"\frac{E(y_{ij} - y'_{ij})^2}{E(y_{ij} - y_{ik})^2}",
        counted="pairs of consecutive decisions on items that others decided too",
        query="repeat_patterns",
        dimensions=(*SLICES, "reviewer", "label"),
        interval="Linearised, over items that came back, which are taken for independent: these reviewers.",
        source=KAHNEMAN,
        compute=noise.occasion_noise,
    ),
    _noise(
        name="clarity_index",
        title="Clarity index",
        question="How much of the disagreement on clauses do even skilled reviewers share?",
        definition=(
            "The variance between skilled reviewers in who names a clause (reason_code), item after item, beyond their "
            "general severity, as a share of all disagreement on whether it applies, among items for which somebody "
            "named it. Skilled is a d′ on gold of 2 or more, drawn towards that of all. Near 0 what there is of "
            "disagreement is not the text's; high means that the text is read in several ways. Views of single items "
            "are not in it. `clause_backlog` tells it by clause."
        ),
        formula=r"\frac{\sigma^2_{reviewer \times clause \mid d' \ge 2}}{\sigma^2_{system}}",
        query="clause_pairs",
        dimensions=SLICES,
        options=("categories",),
        compare=clarity.clarity_index,
    ),
)
