"""The catalogue's entries on what audits say of decisions, weighted and naive."""

from functools import partial

from metrics import audits
from metrics.catalogue.metric import SLICES, WILSON, Metric

BY_REVIEWER = (*SLICES, "reviewer")
BY_LABEL = (*BY_REVIEWER, "label")
HAJEK = "Hájek (1971), in Foundations of Statistical Inference, p. 236; Särndal et al. (1992), ISBN 0-387-40620-4"
BEGG_GREENES = "Begg & Greenes (1983), doi:10.2307/2530820"
POSTERIOR = (
    "The middle 95 % of draws from the posterior: in each stratum Beta distributed shares and Gamma distributed sizes, "
    "with Jeffreys' prior and finite population correction 1 − π. Audits are drawn one by one with their inclusion "
    "probability (where a stratum's number was fixed instead, the interval is a little wide); these decisions, and "
    "auditors who are right."
)
ALIKE = f"{WILSON} It ignores how the audits were drawn, and is no statement about all decisions where these differ."

_of_audits = partial(
    Metric,
    topic="audits",
    unit="share",
    bounds=(0, 1),
    min_n=30,
    query="audits",
    dimensions=BY_REVIEWER,
    options=("categories",),
)
_weighted = partial(_of_audits, interval=POSTERIOR)
_naive = partial(_of_audits, interval=ALIKE, source="Wilson (1927), doi:10.1080/01621459.1927.10502953")

METRICS = (
    _weighted(
        name="audit_accuracy",
        title="Audited accuracy",
        question="How often is the decision right, as far as audits tell?",
        definition=(
            "The share of decisions to which an auditor gives the same label, estimated from the audits of some, each "
            "weighed by 1 / its inclusion probability. The first blind audit of a decision by somebody else counts. "
            "Audits without a probability are left out; if none has one, all count alike and the design is unknown."
        ),
        formula=r"\frac{\sum_i y_i / \pi_i}{\sum_i 1 / \pi_i}",
        better="higher",
        counted="audits",
        source=HAJEK,
        compute=audits.accuracy,
    ),
    _weighted(
        name="audit_precision",
        title="Audited precision",
        question="When the decision is violating, how often does an auditor agree that it is?",
        definition=(
            "Of the decisions with a violating label, the share that an auditor calls violating too; weighed like "
            "audited accuracy. By label: that label against the rest."
        ),
        formula=r"\frac{\sum_{i: \text{said}} v_i / \pi_i}{\sum_{i: \text{said}} 1 / \pi_i}",
        better="higher",
        counted="audits of violating decisions",
        dimensions=BY_LABEL,
        source=HAJEK,
        compute=audits.precision,
    ),
    _weighted(
        name="audit_recall",
        title="Audited recall",
        question="How much of the violating content is caught, as far as audits tell?",
        definition=(
            "Of the decisions on content that an auditor calls violating, the share with a violating label; weighed "
            "like audited accuracy, so that few audited misses stand for many. Fewer than five of them give an "
            "interval and no point. By label: that label against the rest."
        ),
        formula=r"\frac{P(T)\,\mathrm{PPV}}{P(T)\,\mathrm{PPV} + P(\bar T)\,(1 - \mathrm{NPV})}",
        better="higher",
        counted="audits that found a violation",
        dimensions=BY_LABEL,
        source=BEGG_GREENES,
        compute=audits.recall,
    ),
    _weighted(
        name="audit_prevalence",
        title="Audited prevalence",
        question="How much of what is decided on violates, as far as audits tell?",
        definition="The share of decisions on content that an auditor calls violating; weighed like audited accuracy.",
        formula=r"\frac{\sum_i v_i / \pi_i}{\sum_i 1 / \pi_i}",
        better="neither",
        counted="audits",
        dimensions=BY_LABEL,
        source=HAJEK,
        compute=audits.prevalence,
    ),
    _naive(
        name="naive_audit_accuracy",
        title="Naive accuracy of audits",
        question="In how many audits was the decision right, however they were drawn?",
        definition="The unweighted share of audits that agree. To set beside audited accuracy, never to report.",
        formula=r"\frac{\text{audits that agree}}{\text{audits}}",
        better="neither",
        counted="audits",
        compute=audits.naive_accuracy,
    ),
    _naive(
        name="naive_audit_precision",
        title="Naive precision of audits",
        question="Of audited violating decisions, how many violate, however they were drawn?",
        definition="The unweighted share. To set beside audited precision, never to report.",
        formula=r"\frac{TP}{TP + FP}",
        better="neither",
        counted="audits of violating decisions",
        dimensions=BY_LABEL,
        compute=audits.naive_precision,
    ),
    _naive(
        name="naive_audit_recall",
        title="Naive recall of audits",
        question="Of violating content that was audited, how much was caught, however it was drawn?",
        definition=(
            "The unweighted share. Where removals are audited more often than approvals, it is far too high. To set "
            "beside audited recall, never to report."
        ),
        formula=r"\frac{TP}{TP + FN}",
        better="neither",
        counted="audits that found a violation",
        dimensions=BY_LABEL,
        compute=audits.naive_recall,
    ),
    _naive(
        name="naive_audit_prevalence",
        title="Naive prevalence of audits",
        question="In how many audits was a violation found, however they were drawn?",
        definition="The unweighted share. To set beside audited prevalence, never to report.",
        formula=r"\frac{TP + FN}{n}",
        better="neither",
        counted="audits",
        dimensions=BY_LABEL,
        compute=audits.naive_prevalence,
    ),
)
