"""The catalogue's entries on drift: how far what a model says has moved since the first third of the log."""

from functools import partial

from metrics import drift_over_time
from metrics.catalogue.metric import Metric

OVER_TIME = (
    *("team", "site", "policy", "queue", "market", "language"),
    *("standard_version", "stage", "model", "model_version", "day", "week", "month"),
)
AGAINST = (
    "Cut by day, week, month or model version, each slice is held against the first third of them together (one of "
    "these against the others of it). The note says what stays below by chance at these sizes in 95 of 100 cases, and "
    "the verdict: drift only where it is more, all slices allowed for (Benjamini & Hochberg), and at least as large as "
    "a shift of a fifth of a standard deviation."
)
ITEMS = "Scored items that were reviewed count once a slice, without gold; those without a score are left out."
LABELS = "Items that were reviewed count once a slice, without gold; no label is a label of its own."
BOOTSTRAP = (
    "Bootstrap over the items of both windows, less what counting adds by luck, so that it is of the drift itself; it "
    "begins at 0 where chance gives as much, and is widened to hold the value as counted."
)
YURDAKUL = "Yurdakul & Naranjo (2020), doi:10.21314/JRMV.2020.227"
LIN = "Lin (1991), doi:10.1109/18.61115"

_drift = partial(
    Metric,
    topic="models",
    unit="index",
    better="neither",
    bounds=(0, 1),
    counted="scored items",
    min_n=30,
    query="model_scores",
    interval=BOOTSTRAP,
    dimensions=OVER_TIME,
    along="time",
    needs_scores=True,
)
_of_labels = partial(_drift, counted="items", needs_scores=False)
_PSI = r"\sum_b (q_b - p_b) \ln \frac{q_b}{p_b}"
_JS = r"\tfrac12 \sum_b p_b \log_2 \frac{p_b}{m_b} + \tfrac12 \sum_b q_b \log_2 \frac{q_b}{m_b}, \; m = \frac{p + q}{2}"

METRICS = (
    _drift(
        name="score_psi",
        title="Score stability index (PSI)",
        question="How far have the model's scores moved, by the population stability index?",
        definition=(
            f"Over the ten bins that hold a tenth of the first third's scores each. {AGAINST} {ITEMS} Where a bin is "
            "empty in a window, all get half an item."
        ),
        formula=_PSI,
        bounds=(0, None),
        source=YURDAKUL,
        compare=drift_over_time.score_psi,
    ),
    _drift(
        name="score_js",
        title="Score divergence (Jensen–Shannon)",
        question="How far have the model's scores moved, from 0, not at all, to 1, nothing in common?",
        definition=(
            f"The divergence of Jensen and Shannon, in bits (its root is the distance), over the ten bins that hold "
            f"a tenth of the first third's scores each. {AGAINST} {ITEMS}"
        ),
        formula=_JS,
        source=LIN,
        compare=drift_over_time.score_js,
    ),
    _drift(
        name="score_ks",
        title="Score distance (Kolmogorov–Smirnov)",
        question="How far apart do the shares of items below a score come to lie?",
        definition=f"The largest difference of the two windows' shares of items up to a score. {AGAINST} {ITEMS}",
        formula=r"\max_s |F_q(s) - F_p(s)|",
        source="Smirnov (1948), doi:10.1214/aoms/1177730256",
        compare=drift_over_time.score_ks,
    ),
    _drift(
        name="score_wasserstein",
        title="Score distance (Wasserstein)",
        question="By how much has a score moved on average, in units of the score?",
        definition=f"The area between the two windows' shares of items up to a score. {AGAINST} {ITEMS}",
        formula=r"\int |F_q(s) - F_p(s)| \, ds",
        bounds=(0, None),
        source="Ramdas, García Trillos & Cuturi (2017), doi:10.3390/e19020047",
        compare=drift_over_time.score_wasserstein,
    ),
    _of_labels(
        name="label_psi",
        title="Label stability index (PSI)",
        question="How far have the labels that the model gives moved, by the population stability index?",
        definition=f"Over the labels. {AGAINST} {LABELS} Where a label is not given in a window, all get half an item.",
        formula=_PSI,
        bounds=(0, None),
        source=YURDAKUL,
        compare=drift_over_time.label_psi,
    ),
    _of_labels(
        name="label_js",
        title="Label divergence (Jensen–Shannon)",
        question="How far have the labels that the model gives moved, from 0, not at all, to 1, nothing in common?",
        definition=f"The divergence of Jensen and Shannon, in bits, over the labels. {AGAINST} {LABELS}",
        formula=_JS,
        source=LIN,
        compare=drift_over_time.label_js,
    ),
)
