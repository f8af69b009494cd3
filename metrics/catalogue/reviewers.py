"""The catalogue's entries that judge people, or other slices, among their like and on the same cases."""

from functools import partial

from metrics import ranks, reviewers, severity, skill
from metrics.catalogue.accuracy import BY_REVIEWER
from metrics.catalogue.metric import Metric

POSTERIOR = (
    "The middle 95 % of the posterior; takes answers for independent, which those of several people to one gold item "
    "are not. What is unknown of the law of all itself is left out: 94.5 of 100 intervals held the truth among a "
    "hundred reviewers, 89 among twenty."
)

_among = partial(
    Metric,
    topic="reviewers",
    counted="answers on gold",
    min_n=10,
    query="gold_tallies",
    dimensions=BY_REVIEWER,
)
_shrunken = partial(_among, unit="share", bounds=(0, 1))

METRICS = (
    _shrunken(
        name="shrunken_accuracy",
        title="Accuracy, shrunken",
        question="How accurate is each likely to be, with the luck of few answers taken out?",
        definition=(
            "The posterior mean of the accuracy against gold, where the accuracies of all that are compared are drawn "
            "from one beta distribution, which their counts tell by maximum likelihood. Where these vary no more than "
            "luck would, there is no detectable difference, and all have the rate of all."
        ),
        formula=r"\frac{\alpha + r}{\alpha + \beta + n}",
        better="higher",
        source="Griffiths (1973), doi:10.2307/2529131; Efron & Morris (1975), doi:10.1080/01621459.1975.10479864",
        interval=POSTERIOR,
        compare=ranks.shrunken_accuracy,
    ),
    _shrunken(
        name="probability_below_target",
        title="Probability to be below the target",
        question="How sure can one be that the true accuracy misses the target?",
        definition=(
            "The posterior probability that the accuracy is below the target (workspace.toml, --set target=0.9): above "
            "95 % it is missed, below 5 % it is met, and between that more answers are needed. The posterior is that "
            "of the shrunken accuracy."
        ),
        formula=r"P(\theta < t \mid r, n)",
        better="lower",
        source="Griffiths (1973), doi:10.2307/2529131; Gelman et al. (2013), ISBN 978-1-4398-4095-5, chapter 5",
        interval="None: it says itself how sure it is.",
        compare=ranks.probability_below_target,
    ),
    _among(
        name="funnel_z",
        title="Errors beyond those of others",
        question="Who errs more than others would on the same cases, and more than luck and ordinary differences do?",
        definition=(
            "Errors against gold as a z-score around what all others would make on the same mix of policy, language "
            "and gold label, on the arcsine scale, with the variance of ordinary people's true rates added (from "
            "scores winsorised at 10 %). Above 0 there are more errors. Needs ten to compare."
        ),
        formula=r"\frac{\arcsin\sqrt{O_j/n_j} - \arcsin\sqrt{E_j/n_j}}{\sqrt{s_j^2 + \tau^2}}",
        unit="z",
        better="lower",
        bounds=(None, None),
        source="Spiegelhalter (2005), doi:10.1002/sim.1970; Spiegelhalter et al. (2012), "
        "doi:10.1111/j.1467-985X.2011.01010.x",
        interval="None: ordinary people lie within ±1.96 in 95 of 100 cases.",
        compare=reviewers.funnel_z,
    ),
    _among(
        name="severity_shift",
        title="Severity shift",
        question="By how many steps of severity are decisions harsher than gold, or milder?",
        definition=(
            "The mean of the rank of the given label less that of gold's, less what all others would come to on the "
            "same mix of policy, language and gold label, plus the mean of all. Above 0 is harsher. Needs labels with "
            "an order."
        ),
        formula=r"\bar s + \frac{1}{n_j}\sum_i (s_i - \mathrm{E}\,s_i)",
        unit="index",
        better="neither",
        bounds=(None, None),
        min_n=30,
        source="Iezzoni (2012), Risk Adjustment, 4th ed., ISBN 978-1-56793-437-3",
        interval=(
            "Normal, from how answers vary around what is expected of them; others lend 20 answers. Takes answers for "
            "independent: these reviewers, other items."
        ),
        compare=severity.severity_shift,
        needs_order=True,
    ),
    _among(
        name="accuracy_at_reference_prevalence",
        title="Accuracy at reference prevalence",
        question="How often would decisions be right if all saw the same share of violating content?",
        definition=(
            "The share right about violating or not, violating gold weighed by the reference prevalence "
            "(workspace.toml, --set reference_prevalence=0.1) and other gold by the rest: a gold set of halves and a "
            "queue of tenths rank the same people differently. Needs 5 answers on gold of each kind."
        ),
        formula=r"\pi H + (1 - \pi)(1 - F)",
        unit="share",
        better="higher",
        bounds=(0, 1),
        min_n=30,
        query="gold_answers",
        source="Zou & Donner (2008), doi:10.1002/sim.3095, for the interval; Altman & Bland (1994), "
        "doi:10.1136/bmj.308.6943.1552",
        interval=(
            "Wilson's limits of H and F, their distances added as squares, of as many independent answers as these are "
            "worth: these reviewers, other items like these."
        ),
        compute=skill.accuracy_at_reference_prevalence,
    ),
)
