"""
Earned: what members earn in some bonuses so far; matches and multipliers are paid on it.
"""

from collections.abc import Collection

import numpy as np

from backend.engine.columns.sheet import Columns
from backend.engine.outcome import State
from backend.engine.snapshot import Ints


def earned_in(columns: Columns, bonuses: Collection[int]) -> Ints:
    """
    Return what each member earns in some kinds of bonus by the lines on the sheet, in minor units of the own market.

    Whether it is held later does not matter, and recoveries lower it; what is kept at the sale is not among it.
    """
    earned = np.zeros(columns.title.size, dtype=np.int64)
    for part in columns.lines:
        counted = np.isin(part.bonus, list(bonuses)) & (part.state != State.KEPT_AT_SALE)
        np.add.at(earned, part.earner[counted], part.amount_minor[counted])
    return earned
