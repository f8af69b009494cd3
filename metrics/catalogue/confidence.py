"""The catalogue's entries on scores: whether they are probabilities to be trusted, and how well they rank."""

from functools import partial

from metrics import recalibration, reliability, scores
from metrics.catalogue.metric import SLICES, Metric

OVER_ITEMS = "Normal, linearised over items: this model, other items like these; kept within the bounds."
MEANT = "The score is taken for the probability that the item violates. "

_of_scores = partial(
    Metric,
    topic="confidence",
    query="model",
    needs_scores=True,
    counted="scored items with a known outcome",
    min_n=100,
    interval=OVER_ITEMS,
    dimensions=(*SLICES, "model", "label"),
    options=("categories", "reference"),
)

METRICS = (
    _of_scores(
        name="brier_score",
        title="Brier score",
        question="How far are scores from what turned out?",
        definition=f"{MEANT}The mean squared difference to 1 where it does, by the reference, and to 0 where not.",
        formula=r"\frac{1}{n} \sum_i (s_i - y_i)^2",
        unit="index",
        better="lower",
        bounds=(0, 1),
        source="Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2",
        compute=scores.brier_score,
    ),
    _of_scores(
        name="log_loss",
        title="Log loss",
        question="How surprising is what turned out, given the scores?",
        definition=f"{MEANT}The mean of minus the natural logarithm of the probability that was given to the outcome.",
        formula=r"-\frac{1}{n} \sum_i \ln p_i(y_i)",
        unit="cost",
        better="lower",
        bounds=(0, None),
        source="Good (1952), doi:10.1111/j.2517-6161.1952.tb00104.x",
        compute=scores.log_loss,
    ),
    _of_scores(
        name="auc",
        title="Area under the ROC curve",
        question="How often does an item that violates have a higher score than one that does not?",
        definition="Over all pairs of one and the other; ties count half. Says nothing of whether scores are too high.",
        formula=r"P(s_v > s_o) + \tfrac12 P(s_v = s_o)",
        unit="index",
        better="higher",
        bounds=(0, 1),
        interval="DeLong's standard error on Fisher's z scale: this model, other items like these.",
        source="DeLong, DeLong & Clarke-Pearson (1988), doi:10.2307/2531595",
        compute=scores.auc,
    ),
    _of_scores(
        name="expected_calibration_error",
        title="Expected calibration error",
        question="How far are scores from the share that violates?",
        definition=(
            f"{MEANT}The mean over tenths of the score of the distance between mean score and share that violates, "
            "by items. Luck alone keeps it above 0; the note says what a perfect score would show on so many items."
        ),
        formula=r"\sum_k \frac{n_k}{n} |\bar y_k - \bar s_k|",
        unit="index",
        better="lower",
        bounds=(0, 1),
        interval="Normal, bootstrap over items: this model, other items like these; not corrected for what luck adds.",
        source="Naeini, Cooper & Hauskrecht (2015), AAAI 29, doi:10.1609/aaai.v29i1.9602",
        compute=reliability.expected_calibration_error,
    ),
    _of_scores(
        name="calibration_slope",
        title="Calibration slope",
        question="Are scores too extreme, or not extreme enough?",
        definition=(
            f"{MEANT}The slope of a logistic regression of the outcome on the log odds of the score: 1 is right, below "
            "1 scores are too extreme, above 1 too timid."
        ),
        formula=r"\operatorname{logit} P(y = 1) = a + b \operatorname{logit} s",
        unit="index",
        better="neither",
        bounds=(None, None),
        interval="Normal with the sandwich variance, over items: this model, other items like these.",
        source="Cox (1958), doi:10.1093/biomet/45.3-4.562",
        compute=recalibration.calibration_slope,
    ),
)
