"""The catalogue's entries on accuracy against gold."""

from functools import partial

from metrics import accuracy
from metrics.catalogue.metric import RESAMPLED, SLICES, Metric

BY_REVIEWER = (*SLICES, "reviewer")
BY_LABEL = (*BY_REVIEWER, "label")
SENSITIVITY = "Altman & Bland (1994), doi:10.1136/bmj.308.6943.1552"
PREDICTIVE = "Altman & Bland (1994), doi:10.1136/bmj.309.6947.102"
WILSON = (
    "Wilson score (doi:10.1080/01621459.1927.10502953) of as many independent answers as these are worth, as answers "
    "to one item are alike: Dean & Pagano (2015), doi:10.1093/jssam/smv024. These reviewers, other items like these."
)
DELTA = "Linearised standard error on Fisher's z scale, over items: these reviewers, other items like these."

_accuracy = partial(
    Metric,
    topic="accuracy",
    counted="answers on gold",
    min_n=30,
    query="gold_answers",
    dimensions=BY_REVIEWER,
    options=("categories",),
)
_share = partial(_accuracy, unit="share", better="higher", bounds=(0, 1), interval=WILSON)

METRICS = (
    _share(
        name="accuracy",
        title="Accuracy against gold",
        question="How often is the decision right, where the right one is known?",
        definition=(
            "The share of answers on items with gold that carry the gold label. By label: of the answers on items "
            "whose gold label it is."
        ),
        formula=r"\frac{\text{right answers}}{\text{answers on gold}}",
        source="Wilson (1927), doi:10.1080/01621459.1927.10502953, for the interval",
        compute=accuracy.accuracy,
        dimensions=BY_LABEL,
    ),
    _share(
        name="balanced_accuracy",
        title="Balanced accuracy",
        question="How often is the decision right, if every right label were equally common?",
        definition="The mean over gold labels of the share of their answers that are right.",
        formula=r"\frac{1}{K}\sum_k \frac{n_{kk}}{n_{k\cdot}}",
        source="Brodersen et al. (2010), doi:10.1109/ICPR.2010.764",
        compute=accuracy.balanced_accuracy,
        interval=DELTA,
        intervals=RESAMPLED,
    ),
    _share(
        name="precision",
        title="Precision",
        question="When the decision is violating, how often is that right?",
        definition=(
            "Of the answers with a violating label, the share whose gold label violates. By label: that label "
            "against the rest. Depends on how common violating content is in the gold set."
        ),
        formula=r"\frac{TP}{TP + FP}",
        source=PREDICTIVE,
        compute=accuracy.precision,
        counted="answers given the label",
        dimensions=BY_LABEL,
    ),
    _share(
        name="recall",
        title="Recall",
        question="How much of the violating content is caught?",
        definition=(
            "Of the answers on items whose gold label violates, the share with a violating label. By label: that "
            "label against the rest."
        ),
        formula=r"\frac{TP}{TP + FN}",
        source=SENSITIVITY,
        compute=accuracy.recall,
        counted="answers on gold with the label",
        dimensions=BY_LABEL,
    ),
    _share(
        name="f1",
        title="F1",
        question="Precision and recall in one number?",
        definition="Their harmonic mean, for violating or not, or by label.",
        formula=r"\frac{2\,TP}{2\,TP + FP + FN}",
        source="Takahashi et al. (2022), doi:10.1007/s10489-021-02635-5, for the interval",
        compute=accuracy.f1,
        counted="answers given the label or on gold with it",
        dimensions=BY_LABEL,
        interval=DELTA,
        intervals=RESAMPLED,
    ),
    _share(
        name="over_enforcement",
        title="Over-enforcement",
        question="How often is content that is fine taken for violating?",
        definition="Of the answers on items whose gold label does not violate, the share with a violating label.",
        formula=r"\frac{FP}{FP + TN}",
        source=SENSITIVITY,
        compute=accuracy.over_enforcement,
        counted="answers on gold that does not violate",
        better="lower",
    ),
    _share(
        name="under_enforcement",
        title="Under-enforcement",
        question="How often is violating content let through?",
        definition="Of the answers on items whose gold label violates, the share with a label that does not.",
        formula=r"\frac{FN}{TP + FN}",
        source=SENSITIVITY,
        compute=accuracy.under_enforcement,
        counted="answers on gold that violates",
        better="lower",
    ),
    _share(
        name="wrong_label",
        title="Wrong label among violating",
        question="When violating content is caught, how often under the wrong label?",
        definition=(
            "Of the answers with a violating label on items whose gold label violates, the share with another "
            "violating label than the gold one."
        ),
        formula=r"\frac{\text{violating, but another label}}{TP}",
        source="Wilson (1927), doi:10.1080/01621459.1927.10502953, for the interval",
        compute=accuracy.wrong_label,
        counted="violating answers on gold that violates",
        better="lower",
    ),
    _accuracy(
        name="gold_kappa",
        title="Kappa with gold",
        question="How far is agreement with gold above chance?",
        definition="Cohen's kappa of the answers with the gold labels, over all answers together.",
        formula=r"\kappa = \frac{p_o - p_e}{1 - p_e}",
        unit="coefficient",
        better="higher",
        bounds=(-1, 1),
        compute=accuracy.gold_kappa,
        interval=DELTA,
        intervals=RESAMPLED,
        source="Cohen (1960), doi:10.1177/001316446002000104",
    ),
    _accuracy(
        name="mean_cost",
        title="Severity-weighted cost",
        question="What does a decision's error cost on average?",
        definition=(
            "The mean, over answers on gold, of the cost declared for (right label, given label); right answers cost 0 "
            "unless declared."
        ),
        formula=r"\frac{1}{n}\sum_{kl} n_{kl}\, c_{kl}",
        unit="cost",
        better="lower",
        bounds=(0, None),
        compute=accuracy.mean_cost,
        interval=(
            "Linearised standard error on Fisher's z scale between the least and the greatest declared cost, over "
            "items: these reviewers, other items like these."
        ),
        intervals=RESAMPLED,
        source="Elkan (2001), The Foundations of Cost-Sensitive Learning, IJCAI 17:973-978",
    ),
)
