"""The catalogue's entries on the auditors themselves, and on appeals."""

from functools import partial

from metrics import appeals, auditors
from metrics.catalogue.metric import SLICES, WILSON, Metric

BY_REVIEWER = (*SLICES, "reviewer")
HUI_WALTER = "Hui & Walter (1980), doi:10.2307/2530508"
ROGAN_GLADEN = "Rogan & Gladen (1978), doi:10.1093/oxfordjournals.aje.a112510"
LATENT = "The middle 95 % of draws from the posterior, with Jeffreys' prior; other decisions audited twice."
CORRECTED = (
    "The middle 95 % of draws from the posterior of what audits found, as for audited accuracy, and of the auditors' "
    "sensitivity and specificity."
)

_share = partial(Metric, unit="share", bounds=(0, 1), min_n=30, dimensions=BY_REVIEWER)
_of_audits = partial(_share, topic="audits", query="audits", options=("categories",))
_latent = partial(_of_audits, better="higher", counted="double audits", interval=LATENT, source=HUI_WALTER)
_corrected = partial(_of_audits, counted="audits", interval=CORRECTED, source=ROGAN_GLADEN)

METRICS = (
    _of_audits(
        name="auditor_agreement",
        title="Agreement of auditors",
        question="How often do two auditors of one decision give the same label?",
        definition="Of the decisions that two auditors audited blind, the share to which both gave the same label.",
        formula=r"\frac{\text{same}}{\text{audited twice}}",
        better="higher",
        counted="double audits",
        interval=WILSON,
        source="Wilson (1927), doi:10.1080/01621459.1927.10502953, for the interval",
        compute=auditors.agreement,
    ),
    _latent(
        name="auditor_sensitivity",
        title="Sensitivity of auditors",
        question="How often does an auditor call violating what violates?",
        definition=(
            "From double audits of decisions that say violating and of others: two equal auditors err independently "
            "of each other and of the reviewer, given whether the content violates. Where hard cases mislead all "
            "alike, auditors look better than they are."
        ),
        formula=r"d = m(1 - m),\ m = \mathrm{Se}",
        compute=auditors.sensitivity,
    ),
    _latent(
        name="auditor_specificity",
        title="Specificity of auditors",
        question="How often does an auditor let pass what does not violate?",
        definition="From double audits, under the same assumption as the sensitivity of auditors.",
        formula=r"d = m(1 - m),\ m = 1 - \mathrm{Sp}",
        compute=auditors.specificity,
    ),
    _corrected(
        name="corrected_audit_accuracy",
        title="Corrected accuracy",
        question="How often does the decision rightly say violating or not, had auditors never erred?",
        definition=(
            "What auditors found of decisions that say violating, and of others, corrected for the sensitivity and "
            "specificity that their double audits show. Which violating label was given does not matter here."
        ),
        formula=r"\frac{p + \mathrm{Sp} - 1}{\mathrm{Se} + \mathrm{Sp} - 1}",
        better="higher",
        compute=auditors.corrected_accuracy,
    ),
    _corrected(
        name="corrected_audit_prevalence",
        title="Corrected prevalence",
        question="How much of what is decided on violates, had auditors never erred?",
        definition="Audited prevalence corrected for the sensitivity and specificity that double audits show.",
        formula=r"\frac{p + \mathrm{Sp} - 1}{\mathrm{Se} + \mathrm{Sp} - 1}",
        better="neither",
        compute=auditors.corrected_prevalence,
    ),
    _share(
        name="overturn_rate",
        topic="appeals",
        title="Overturn rate",
        question="How often does an appeal change the decision?",
        definition=(
            "The share of decided appeals that overturned the decision. Who appeals is no sample: mostly decisions to "
            "enforce, wrong ones more often. A signal of where to look, and part of no accuracy."
        ),
        formula=r"\frac{\text{overturned}}{\text{decided appeals}}",
        better="lower",
        counted="decided appeals",
        query="appeals",
        interval=WILSON,
        source="Wilson (1927), doi:10.1080/01621459.1927.10502953, for the interval",
        compute=appeals.overturn_rate,
    ),
)
