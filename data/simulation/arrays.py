"""The kinds of array that the simulation works on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Positions = NDArray[np.integer[Any]]
"""Whole numbers: positions in a list of names, rows, counts of days."""
