"""The catalogue's entries on a model as one more rater, held against a reference."""

from functools import partial

from metrics import model
from metrics.catalogue.metric import SLICES, Metric

BY_MODEL = (*SLICES, "model")
BY_LABEL = (*BY_MODEL, "label")
AGAINST = (
    "The reference (--set reference=) is what more than half of an item's independent reviews say, its gold label, or "
    "the auditor's; of audits each counts as it was drawn. An answer that is none of the labels is wrong, not left out."
)
WILSON = "Wilson score over items; of audits the middle 95 % of the posterior. doi:10.1080/01621459.1927.10502953"
DELTA = "Linearised standard error on Fisher's z scale, over items; of audits with their inclusion probabilities."
PREDICTIVE = "Altman & Bland (1994), doi:10.1136/bmj.309.6947.102"
SENSITIVITY = "Altman & Bland (1994), doi:10.1136/bmj.308.6943.1552"

_of_model = partial(Metric, topic="models", better="higher", min_n=30, dimensions=BY_LABEL)
_held = partial(_of_model, query="model", options=("categories", "reference"))
_share = partial(_held, unit="share", bounds=(0, 1), interval=WILSON)
METRICS = (
    _share(
        name="model_human_agreement",
        title="Model agreement",
        question="How often does the model give the label that is right by the reference?",
        definition=f"The share of items whose answer is the reference's label. {AGAINST} By label: that label or not.",
        formula=r"\frac{\text{alike}}{\text{items}}",
        counted="items",
        source="Wilson (1927), doi:10.1080/01621459.1927.10502953, for the interval",
        compute=model.agreement,
    ),
    _held(
        name="model_human_kappa",
        title="Model kappa",
        question="How far is the model's agreement with the reference above chance?",
        definition=(
            f"Cohen's kappa of the model's answers with the reference. {AGAINST} In kappa it is a label that the "
            "reference never has."
        ),
        formula=r"\kappa = \frac{p_o - p_e}{1 - p_e}",
        unit="coefficient",
        bounds=(-1, 1),
        counted="items",
        min_n=10,
        interval=DELTA,
        options=("categories", "reference", "weights"),
        source="Cohen (1960), doi:10.1177/001316446002000104; Fleiss, Cohen & Everitt (1969), doi:10.1037/h0028106",
        compute=model.model_kappa,
    ),
    _share(
        name="model_precision",
        title="Model precision",
        question="When the model says violating, how often is that right?",
        definition=(
            f"Of the items that the model calls violating, the share that are by the reference. {AGAINST} By label: "
            "that label against the rest. Depends on how common violating content is."
        ),
        formula=r"\frac{TP}{TP + FP}",
        counted="items called violating",
        source=PREDICTIVE,
        compute=model.precision,
    ),
    _share(
        name="model_recall",
        title="Model recall",
        question="How much of the violating content does the model find?",
        definition=(
            f"Of the items that violate by the reference, the share that the model calls violating. {AGAINST} By "
            "label: that label against the rest."
        ),
        formula=r"\frac{TP}{TP + FN}",
        counted="violating items",
        source=SENSITIVITY,
        compute=model.recall,
    ),
    _share(
        name="model_specificity",
        title="Model specificity",
        question="How much of the content that is fine does the model let through?",
        definition=(
            f"Of the items that do not violate by the reference, the share of which the model says so. {AGAINST} So "
            "it is not quite 1 less the false alarms."
        ),
        formula=r"\frac{TN}{N}",
        counted="items that do not violate",
        source=SENSITIVITY,
        compute=model.specificity,
    ),
    _share(
        name="model_f1",
        title="Model F1",
        question="The model's precision and recall in one number?",
        definition=f"Their harmonic mean, for violating or not, or by label. {AGAINST}",
        formula=r"\frac{2\,TP}{2\,TP + FP + FN}",
        counted="items violating by either",
        interval=DELTA,
        source="Takahashi et al. (2022), doi:10.1007/s10489-021-02635-5, for the interval",
        compute=model.f1,
    ),
    _of_model(
        name="model_no_answer",
        title="No label from the model",
        question="How often does the model give no label, or none of ours?",
        definition="The share of the items with an answer and an independent review whose answer is no label.",
        formula=r"\frac{\text{no label}}{\text{items}}",
        unit="share",
        bounds=(0, 1),
        better="lower",
        query="model_patterns",
        counted="items with an answer",
        dimensions=BY_MODEL,
        interval="Wilson score over items. doi:10.1080/01621459.1927.10502953",
        options=("categories",),
        source="Wilson (1927), doi:10.1080/01621459.1927.10502953, for the interval",
        compute=model.no_answer,
    ),
)
