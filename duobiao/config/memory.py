"""How often a long-lived process looks for garbage."""

import gc
from typing import Final

OBJECTS_BETWEEN: Final = 50_000
"""New objects between two looks at the youngest; drawing one page makes some ten thousand."""


def collect_less_often() -> None:
    """Leave what is loaded now out of every later look for garbage, and look at the rest less often.

    Called once in each process that answers or works, after loading. Python looks for cycles after every 700 new
    objects by default, and through all loaded code and models now and then.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN, 20, 20)
