"""The catalogue's entries on a model beside people: what they allow, what it does in their place, and to them."""

from functools import partial

from metrics import alternative_annotator, anchoring, cross_replication, paired
from metrics.catalogue.metric import LINEARISED, SLICES, Metric

BY_MODEL = (*SLICES, "model")
BY_LABEL = (*BY_MODEL, "label")
XRR = "Wong, Paritosh & Aroyo (2021), doi:10.18653/v1/2021.acl-long.548"
ALT_TEST = "Calderon, Reichart & Dror (2025), doi:10.18653/v1/2025.acl-long.782"

_of_model = partial(Metric, topic="models", better="higher", min_n=30, dimensions=BY_LABEL)
_beside = partial(
    _of_model,
    query="model_patterns",
    counted="items with an answer and two reviews",
    min_n=10,
    options=("categories",),
    interval=LINEARISED,
)

METRICS = (
    _of_model(
        name="human_ceiling",
        title="Human ceiling",
        question="How well do reviewers do on the items that the model answered?",
        definition=(
            "The share of a reviewer's independent answers that are right, averaged over the items that the model "
            "answered: right by gold, or, held against the consensus, in agreement with another reviewer of the item. "
            "It is what a rater who is as good as a reviewer comes to. Not known of audits, which see one decision."
        ),
        formula=r"\frac{1}{n}\sum_i \bar y_i^{\text{people}}",
        unit="share",
        bounds=(0, 1),
        query="model_and_people",
        counted="items that both answered",
        min_n=10,
        interval=LINEARISED,
        options=("categories", "reference"),
        source="Fleiss (1971), doi:10.1037/h0031619",
        compute=paired.human_ceiling,
    ),
    _beside(
        name="human_ceiling_alpha",
        title="Human–human alpha",
        question="How far do reviewers agree above chance on the items that the model answered?",
        definition="Krippendorff's alpha (nominal) of the independent reviews of items that the model answered.",
        formula=r"\alpha = 1 - \frac{D_o}{D_e}",
        unit="coefficient",
        bounds=(-1, 1),
        source="Krippendorff (2019), Content Analysis, 4th ed., ch. 12, doi:10.4135/9781071878781",
        compute=cross_replication.human_alpha,
    ),
    _beside(
        name="cross_replication_reliability",
        title="Model–reviewer kappa",
        question="How far does the model agree with a single reviewer above chance?",
        definition=(
            "Cross-replication reliability κ_x: one minus observed over expected disagreement of the model with single "
            "reviewers, on items with two reviews or more, each weighed by its ratings. To be read beside the "
            "reviewers' alpha, not beside kappa with their consensus, which is less noisy than one of them."
        ),
        formula=r"\kappa_x = 1 - \frac{d_o(X, Y)}{d_e(X, Y)}",
        unit="coefficient",
        bounds=(-1, 1),
        source=XRR,
        compute=cross_replication.cross_kappa,
    ),
    _beside(
        name="normalised_reliability",
        title="Normalised reliability",
        question="How near does the model come to the most that these reviewers allow?",
        definition=(
            "Cross-replication reliability over the root of both sides' own reliability: the reviewers' alpha, and 1 "
            "for the model, whose version answers an item once. 1 is the most that the reviewers' own disagreement "
            "allows; chance may carry it beyond."
        ),
        formula=r"\frac{\kappa_x}{\sqrt{\mathrm{IRR}_X\,\mathrm{IRR}_Y}}",
        unit="index",
        bounds=(None, None),
        source=XRR,
        interval="Linearised standard error over items, plain scale: these reviewers, other items like these.",
        intervals=("default", "bootstrap"),
        compute=cross_replication.normalised_reliability,
    ),
    _of_model(
        name="model_minus_human",
        title="Model less reviewer",
        question="Is the model more often right than a reviewer of the same items, or less?",
        definition=(
            "The share of items on which the model is right less the reviewers' share, both on the same items: right "
            "by gold, or, held against the consensus, in agreement with another reviewer of the item. Above 0 the "
            "model does better. Not known of audits, which see one decision."
        ),
        formula=r"\frac{1}{n}\sum_i (y_i^{\text{model}} - \bar y_i^{\text{people}})",
        unit="share",
        bounds=(-1, 1),
        query="model_and_people",
        counted="items that both answered",
        interval="Linearised standard error of the paired difference, over items, on Fisher's z scale.",
        options=("categories", "reference"),
        source="Fisher (1921), Metron 1:3-32; paired shares: McNemar (1947), doi:10.1007/BF02295996",
        compute=paired.model_minus_human,
    ),
    _of_model(
        name="winning_rate",
        title="Reviewers the model can stand for",
        question="May the model replace a second reviewer here?",
        definition=(
            "The alternative annotator test. Each reviewer with 30 items that others decided on too is left out in "
            "turn; of how many is it shown that the model is as like the others as they are, within the margin (--set "
            "margin=: 0.2 in place of experts, 0.15 of trained people, 0.1 of crowd workers)? One-sided t-tests, "
            "false discovery rate 5 % (Benjamini & Yekutieli). From a half the answer is yes, below it is not "
            "shown; fewer than three reviewers are too few to say."
        ),
        formula=r"\omega = \frac{1}{m}\sum_j 1[H_{0j}\ \text{rejected}]",
        unit="share",
        bounds=(0, 1),
        query="alternative_annotators",
        counted="reviewers tested",
        min_n=3,
        dimensions=BY_MODEL,
        interval="None: it counts tests, each of which allows for luck.",
        source=ALT_TEST,
        compute=alternative_annotator.winning_rate,
    ),
    _of_model(
        name="advantage_probability",
        title="As close as a reviewer",
        question="How likely is the model at least as like the other reviewers as a reviewer is?",
        definition="The share of a reviewer's items on which it is, averaged over the reviewers tested; ties count.",
        formula=r"\rho = \frac{1}{m}\sum_j \frac{1}{n_j}\sum_i 1[S_i^{\text{model}} \ge S_i^{j}]",
        unit="share",
        bounds=(0, 1),
        query="alternative_annotators",
        counted="reviewers tested",
        min_n=3,
        dimensions=BY_MODEL,
        interval="Delete-one-reviewer jackknife on Fisher's z scale: reviewers like these, the same items.",
        source=ALT_TEST,
        compute=alternative_annotator.advantage_probability,
    ),
    _of_model(
        name="anchoring_lift",
        title="Anchoring lift",
        question="Do reviewers follow the model's answer when they see it?",
        definition=(
            "How much more often reviews agree with the answer of the version in force where it was on the screen than "
            "where it was not: Mantel and Haenszel's common difference over policy, language and stage. The effect of "
            "seeing it only where chance decides who sees it."
        ),
        formula=r"\frac{\sum_k w_k (p_{1k} - p_{0k})}{\sum_k w_k},\quad w_k = \frac{n_{1k} n_{0k}}{n_{1k} + n_{0k}}",
        unit="share",
        better="neither",
        bounds=(-1, 1),
        query="anchoring",
        counted="reviews",
        dimensions=BY_MODEL,
        interval="Sato's variance of the Mantel–Haenszel difference, takes reviews for independent.",
        source="Greenland & Robins (1985), doi:10.2307/2530643",
        compute=anchoring.anchoring_lift,
    ),
)
