"""The catalogue's entries on agreement of all reviewers together, all from rating patterns."""

from functools import partial

from metrics import agreement
from metrics.catalogue.metric import LINEARISED, RESAMPLED, SLICES, Metric

ALSO_REVIEWERS = (*RESAMPLED, "reviewers")
GWET = "Gwet (2008), doi:10.1348/000711006X126600"
SPECIFIC = "Cicchetti & Feinstein (1990), doi:10.1016/0895-4356(90)90159-M"

_agreement = partial(
    Metric,
    topic="agreement",
    counted="items with two ratings or more",
    min_n=10,
    query="rating_patterns",
    interval=LINEARISED,
    dimensions=(*SLICES, "label"),
    intervals=ALSO_REVIEWERS,
)
_coefficient = partial(
    _agreement,
    unit="coefficient",
    better="higher",
    bounds=(-1, 1),
    options=("categories", "weights"),
    intervals=(*ALSO_REVIEWERS, "gwet"),
)
_share = partial(_agreement, unit="share", better="higher", bounds=(0, 1), options=("categories",))

METRICS = (
    _share(
        name="percent_agreement",
        title="Observed agreement",
        question="How often do two reviewers of an item decide alike?",
        definition=(
            "The share of pairs of ratings of an item that are alike, averaged over items with two ratings or "
            "more. With weights, near labels count in part. Not corrected for chance: where one label is common, "
            "it is high even if everybody guesses."
        ),
        formula=r"p_a = \frac{1}{n_2}\sum_i \frac{\sum_k r_{ik}(r_{ik}-1)}{r_i(r_i-1)}",
        source="Fleiss (1971), doi:10.1037/h0031619",
        compute=agreement.percent_agreement,
        options=("categories", "weights"),
        intervals=(*ALSO_REVIEWERS, "gwet"),
    ),
    _coefficient(
        name="krippendorff_alpha",
        title="Krippendorff's alpha",
        question="How far is agreement above chance, given how often each label is used?",
        definition=(
            "One minus observed over expected disagreement of pairs of ratings. An item weighs by its number of "
            "ratings; items with one rating do not count. Levels: nominal, ordinal (ranks by the labels' own "
            "shares), interval, ratio. Near 0 where one label is rare, however often reviewers agree on the "
            "common one."
        ),
        formula=r"\alpha = 1 - \frac{D_o}{D_e}",
        source="Krippendorff (2019), Content Analysis, 4th ed., ch. 12, doi:10.4135/9781071878781",
        compute=agreement.krippendorff_alpha,
        options=("categories", "level"),
        intervals=ALSO_REVIEWERS,
    ),
    _coefficient(
        name="fleiss_kappa",
        title="Fleiss' kappa",
        question="How far is agreement above chance, each item counting once?",
        definition=(
            "Observed agreement corrected by what two draws from the mean label shares would agree on; for "
            "unequal numbers of ratings in Gwet's form. Items with one rating inform the label shares."
        ),
        formula=r"\kappa = \frac{p_a - \sum_k \pi_k^2}{1 - \sum_k \pi_k^2}",
        source="Fleiss (1971), doi:10.1037/h0031619",
        compute=agreement.fleiss_kappa,
    ),
    _coefficient(
        name="scott_pi",
        title="Scott's pi",
        question="How far do two reviewers agree above chance, sharing one set of label shares?",
        definition=(
            "Fleiss' kappa where every item has at most two ratings; with more, the note says that it is Fleiss' kappa."
        ),
        formula=r"\pi = \frac{p_a - \sum_k \pi_k^2}{1 - \sum_k \pi_k^2}",
        source="Scott (1955), doi:10.1086/266577",
        compute=agreement.scott_pi,
    ),
    _coefficient(
        name="gwet_ac1",
        title="Gwet's AC1",
        question="How far is agreement above chance, if only doubtful items are guessed?",
        definition=(
            "Observed agreement corrected by a chance agreement that shrinks as one label dominates. It stays "
            "high where one label is rare, also when reviewers never agree on the rare one: read it beside "
            "positive agreement. Depends on the declared list of labels."
        ),
        formula=r"\mathrm{AC}_1 = \frac{p_a - p_e}{1 - p_e},\quad p_e = \frac{1}{K-1}\sum_k \pi_k(1-\pi_k)",
        source=GWET,
        compute=agreement.gwet_ac1,
        options=("categories",),
    ),
    _coefficient(
        name="gwet_ac2",
        title="Gwet's AC2",
        question="The same, with partial credit for near labels?",
        definition="AC1 with weights, linear unless chosen otherwise; needs labels with an order.",
        formula=(
            r"\mathrm{AC}_2 = \frac{p_a - p_e}{1 - p_e},"
            r"\quad p_e = \frac{\sum_{kl} w_{kl}}{K(K-1)}\sum_k \pi_k(1-\pi_k)"
        ),
        source="Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., ch. 5, ISBN 978-0-9708062-8-4",
        compute=agreement.gwet_ac2,
        needs_order=True,
    ),
    _coefficient(
        name="brennan_prediger",
        title="Brennan-Prediger kappa",
        question="How far is agreement above even guessing among the declared labels?",
        definition=(
            "Observed agreement corrected by chance 1/K; for two labels the same as PABAK. Depends on the "
            "declared list."
        ),
        formula=r"\kappa_{BP} = \frac{p_a - 1/K}{1 - 1/K}",
        source="Brennan & Prediger (1981), doi:10.1177/001316448104100307",
        compute=agreement.brennan_prediger,
    ),
    _share(
        name="positive_agreement",
        title="Agreement on violating",
        question="When one reviewer says violating, how often does another?",
        definition=(
            "Of the pairs of ratings that involve a violating one, counted from its side, the share whose other "
            "rating is violating too. By label: that label against the rest."
        ),
        formula=r"p_{pos} = \frac{\sum_i r_{i+}(r_{i+}-1)}{\sum_i r_{i+}(r_i-1)}",
        source=SPECIFIC,
        compute=agreement.positive_agreement,
    ),
    _share(
        name="negative_agreement",
        title="Agreement on not violating",
        question="When one reviewer says not violating, how often does another?",
        definition="As agreement on violating, for the other side.",
        formula=r"p_{neg} = \frac{\sum_i r_{i-}(r_{i-}-1)}{\sum_i r_{i-}(r_i-1)}",
        source=SPECIFIC,
        compute=agreement.negative_agreement,
    ),
    _agreement(
        name="prevalence_index",
        title="Prevalence index",
        question="How lopsided is the content?",
        definition=(
            "The violating share of ratings minus the rest's. Near -1 or 1, chance-corrected agreement is fragile."
        ),
        formula=r"\mathrm{PI} = \pi_+ - \pi_-",
        source="Byrt, Bishop & Carlin (1993), doi:10.1016/0895-4356(93)90018-V",
        compute=agreement.prevalence_index,
        unit="index",
        better="neither",
        bounds=(-1, 1),
        options=("categories",),
    ),
)
