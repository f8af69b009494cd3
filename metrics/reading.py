"""One plain sentence for what several coefficients of agreement say together."""

from metrics.estimate import Estimate

FAR_APART = 0.2
RARE = 0.6
LOW, GOOD = 0.4, 0.8


def reading(
    *, agreement: Estimate, alpha: Estimate, ac1: Estimate, positive: Estimate, negative: Estimate, prevalence: Estimate
) -> str:
    """What observed agreement, alpha, AC1, specific agreement and the prevalence index say together.

    The thresholds are for wording only: far apart is .2, rare is a prevalence index beyond .6.
    """
    if agreement.value is None:
        return "Nothing can be said about agreement yet: no item has two ratings."
    seen = f"Two reviewers of the same item agree {_percent(agreement.value)} of the time"
    if alpha.value is None:
        return f"{seen}, but there is only one label in use, so nothing shows whether they would agree on another."
    if ac1.value is not None and ac1.value - alpha.value > FAR_APART:
        why = _paradox(positive, negative, prevalence)
        return f"{seen}, yet alpha is only {alpha.value:.2f} while AC1 is {ac1.value:.2f}: {why}"
    return (
        f"{seen}; beyond chance that is {_strength(alpha.value)} (alpha {alpha.value:.2f}){_gap(positive, negative)}."
    )


def _paradox(positive: Estimate, negative: Estimate, prevalence: Estimate) -> str:
    """Why alpha is low where agreement is high."""
    if prevalence.value is None:
        return "one label is so common that agreeing on it says little; look at each label for itself."
    rare, common = ("violating", "fine") if prevalence.value < 0 else ("fine", "violating")
    on_rare, on_common = (positive, negative) if prevalence.value < 0 else (negative, positive)
    if abs(prevalence.value) < RARE or on_rare.value is None or on_common.value is None:
        return "the labels are used unevenly, and the common ones carry the agreement; look at each label for itself."
    return (
        f"{rare} items are rare, so agreement is mostly on {common} ones ({_percent(on_common.value)}); when one "
        f"reviewer says {rare}, another does {_percent(on_rare.value)} of the time. Judge by that number."
    )


def _strength(alpha: float) -> str:
    if alpha < 0:
        return "worse than guessing"
    if alpha < LOW:
        return "little"
    return "moderate" if alpha < GOOD else "strong"


def _gap(positive: Estimate, negative: Estimate) -> str:
    """Which side is weaker, where one clearly is."""
    if positive.value is None or negative.value is None or abs(positive.value - negative.value) < FAR_APART:
        return ""
    weaker, value = ("violating", positive.value) if positive.value < negative.value else ("fine", negative.value)
    return (
        f", and weaker on {weaker} items: when one reviewer says {weaker}, another does {_percent(value)} of the time"
    )


def _percent(share: float) -> str:
    return f"{share:.0%}"
