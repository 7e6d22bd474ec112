"""The laws: properties held on generated calendars, policies and timelines.

By default the same few examples each time; ``SLAAUDIT_THOROUGH=1`` draws many, new ones, and shrinks what fails.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

for folder in ("evidence", "laws"):  # the oracle, the strategies and the writers stand beside the tests
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
FOUND_ONLY = (Phase.explicit, Phase.generate)  # to shrink a failing example takes minutes
settings.register_profile(
    "modest",
    deadline=None,
    max_examples=25,
    suppress_health_check=QUIET,
    phases=FOUND_ONLY,
    database=None,
    derandomize=True,
)
settings.register_profile("thorough", deadline=None, max_examples=4000, suppress_health_check=QUIET)
settings.load_profile("thorough" if os.environ.get("SLAAUDIT_THOROUGH") else "modest")
