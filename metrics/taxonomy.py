"""What the labels are: their order, their measure, which of them violate, and what mistakes cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The declared labels, in order.

    `values` measures each label (numeric labels measure themselves, others by their severity); None when the labels
    have no known order, and then only nominal statistics exist. `violating` is None when nobody declared which labels
    violate. `costs` maps (right label, given label) to a cost. `declared` is False when the list is only what was seen.
    """

    labels: tuple[str, ...]
    values: tuple[float, ...] | None = None
    violating: frozenset[str] | None = None
    costs: Mapping[tuple[str, str], float] = field(default_factory=dict)
    declared: bool = False

    def code(self, label: str) -> int:
        """The position of a label; `KeyError` when it is not declared."""
        try:
            return self.labels.index(label)
        except ValueError:
            raise KeyError(f"label {label!r} is not one of {', '.join(self.labels)}") from None
