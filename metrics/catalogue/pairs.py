"""The catalogue's entries on reviewers two by two, and on a reviewer with herself."""

from functools import partial

from metrics import conger, pairs, repeatability
from metrics.catalogue.metric import LINEARISED, RESAMPLED, SLICES, WILSON, Metric

COHEN = "Cohen (1960), doi:10.1177/001316446002000104"
COHEN_INTERVAL = (
    "Large-sample standard error of Fleiss, Cohen & Everitt (1969), doi:10.1037/h0028106, on Fisher's z scale."
)

_coefficient = partial(Metric, unit="coefficient", better="higher", bounds=(-1, 1), interval=COHEN_INTERVAL)
_pair = partial(
    _coefficient,
    topic="reviewer pairs",
    counted="items that both decided",
    min_n=10,
    query="reviewer_pairs",
    options=("categories", "weights"),
)
_self = partial(
    _coefficient,
    topic="self-agreement",
    counted="pairs of consecutive decisions",
    min_n=30,
    query="self_pairs",
    dimensions=(*SLICES, "reviewer"),
    options=("categories",),
)

METRICS = (
    _pair(
        name="conger_kappa",
        title="Conger's kappa",
        question="How far is agreement above chance, each reviewer keeping their own label shares?",
        definition=(
            "The generalisation of Cohen's kappa to any number of reviewers: chance pairs every two reviewers' "
            "own shares. For two reviewers it is Cohen's kappa."
        ),
        formula=r"\kappa_C = \frac{p_a - p_e}{1 - p_e},\quad p_e = \frac{1}{R(R-1)}\sum_{g \ne h} p_g^\top W p_h",
        source="Conger (1980), doi:10.1037/0033-2909.88.2.322",
        compute=conger.conger_kappa,
        intervals=(*RESAMPLED, "reviewers"),
        query="item_ratings",
        counted="items with two ratings or more",
        interval=LINEARISED,
    ),
    _pair(
        name="cohen_kappa",
        title="Cohen's kappa",
        question="How far do two reviewers agree above chance?",
        definition=(
            "For exactly two reviewers (filter by reviewer); `evenhand matrix pairs` has every pair. Weights give "
            "partial credit to near labels."
        ),
        formula=r"\kappa = \frac{p_o - p_e}{1 - p_e}",
        source=COHEN,
        compute=pairs.cohen_kappa,
    ),
    _pair(
        name="light_kappa",
        title="Average pairwise kappa",
        question="What is Cohen's kappa of two reviewers on average?",
        definition=(
            "The plain mean of Cohen's kappa over pairs of reviewers with a defined one (Light's kappa). It "
            "differs from Conger's and from Fleiss' kappa."
        ),
        formula=r"\bar\kappa = \frac{2}{R(R-1)}\sum_{g<h} \kappa_{gh}",
        source="Light (1971), doi:10.1037/h0031643",
        compute=pairs.light_kappa,
        interval=(
            "None by default, as the pairs share items and reviewers; over reviewers, the delete-one-reviewer "
            "jackknife on Fisher's z scale."
        ),
        intervals=("default", "reviewers"),
        counted="items in common, summed over pairs",
    ),
    _pair(
        name="kappa_max",
        title="Largest possible kappa",
        question="How high could Cohen's kappa of two reviewers be, given how often each uses each label?",
        definition="Cohen's kappa if the two agreed as often as their label shares allow.",
        formula=r"\kappa_{max} = \frac{\sum_k \min(p_{k\cdot}, p_{\cdot k}) - p_e}{1 - p_e}",
        source=COHEN,
        compute=pairs.kappa_max,
        interval="None: a bound that the label shares set.",
        options=("categories",),
    ),
    _pair(
        name="bias_index",
        title="Bias index",
        question="Do two reviewers call different shares violating?",
        definition=(
            "The first reviewer's violating share minus the second's, on items that both decided; for more than two "
            "reviewers the mean size of the index over pairs, weighted by items."
        ),
        formula=r"\mathrm{BI} = p_{+\cdot} - p_{\cdot +}",
        source="Byrt, Bishop & Carlin (1993), doi:10.1016/0895-4356(93)90018-V",
        compute=pairs.bias_index,
        unit="index",
        better="neither",
        interval="Linearised standard error over items, for two reviewers; none for more.",
        options=("categories",),
    ),
    _self(
        name="self_agreement",
        title="Self-agreement",
        question="When an item comes back, how often does the same reviewer decide alike?",
        definition=(
            "The share of consecutive decisions of one reviewer on one item, under one standard, that are alike. "
            "Always from all decisions, whatever the rule for repeats."
        ),
        formula=r"\frac{\text{alike}}{\text{pairs of consecutive decisions}}",
        unit="share",
        bounds=(0, 1),
        compute=repeatability.self_agreement,
        interval=WILSON,
        source="Wilson (1927), doi:10.1080/01621459.1927.10502953, for the interval",
        options=("categories",),
    ),
    _self(
        name="self_agreement_kappa",
        title="Self-agreement above chance",
        question="How far is self-agreement above chance?",
        definition="Cohen's kappa of the earlier with the later of consecutive decisions of one reviewer on one item.",
        formula=r"\kappa = \frac{p_o - p_e}{1 - p_e}",
        compute=repeatability.self_agreement_kappa,
        intervals=RESAMPLED,
        source=COHEN,
    ),
)
