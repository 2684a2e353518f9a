"""
Random bonuses of a random plan: overrides with their guarantees, productions, levels, pools, matches and caps.
"""

from typing import Any

from backend.plan.terms import FastStart, TitleHeld
from tests.engine.plans import Draw


def rewards_of(draw: Draw, core: dict[str, Any]) -> dict[str, Any]:
    """Draw everything of a plan that is paid beside the differential."""
    random = draw.random
    return {
        "fast_start": FastStart(within_days=random.randint(0, 90)),
        "title_held": TitleHeld(successive_periods=random.randint(1, 4)),
    }
