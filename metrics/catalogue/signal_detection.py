"""The catalogue's entries on signal detection: sensitivity and leaning against gold."""

from functools import partial

from metrics import signal_detection
from metrics.catalogue.accuracy import BY_LABEL
from metrics.catalogue.metric import Metric

_detection = partial(
    Metric,
    topic="signal detection",
    unit="z",
    bounds=(None, None),
    counted="answers on gold",
    min_n=30,
    query="gold_answers",
    dimensions=BY_LABEL,
    options=("categories",),
    interval=(
        "Wilson's limits of H and F (Jeffreys' at 0 and 1) on the normal scale, their distances from the value added "
        "as squares: Zou & Donner (2008), doi:10.1002/sim.3095. Over items: these reviewers, other items like these."
    ),
)

METRICS = (
    _detection(
        name="d_prime",
        title="Sensitivity d′",
        question="How well is violating content told from the rest, whatever the leaning?",
        definition=(
            "How many standard deviations of a reviewer's noise lie between violating content and the rest: 0 is "
            "guessing; without a leaning, 2 means 84 % right of either kind and 3 means 93 %. H is the share of the "
            "answers on violating gold that say violating, F that of the answers on other gold, both with the "
            "log-linear correction (count + ½) / (n + 1): without a miss or a false alarm, d′ is only as high as n can "
            "show. Reviewers together count as one; where they lean differently, that is mostly less than their mean. "
            "By label: that label against the rest. Needs 5 answers on gold of each kind."
        ),
        formula=r"d' = z(H) - z(F)",
        better="higher",
        source=(
            "Green & Swets (1966), ISBN 0-932146-23-6; Stanislaw & Todorov (1999), doi:10.3758/BF03207704; correction: "
            "Hautus (1995), doi:10.3758/BF03203619"
        ),
        compute=signal_detection.d_prime,
    ),
    _detection(
        name="criterion",
        title="Leaning c",
        question="Which way do decisions lean, to enforcing or to letting through?",
        definition=(
            "Where the line for violating is drawn, in standard deviations of a reviewer's noise from the middle "
            "between violating content and the rest: below 0 leans to enforcing, above 0 to letting through, whatever "
            "the sensitivity. H, F, their correction and the gold that is needed are those of sensitivity d′."
        ),
        formula=r"c = -\frac{z(H) + z(F)}{2}",
        better="neither",
        source=(
            "Stanislaw & Todorov (1999), doi:10.3758/BF03207704; correction: Hautus (1995), doi:10.3758/BF03203619"
        ),
        compute=signal_detection.criterion,
    ),
)
