"""The laws: properties held on generated calendars, policies and timelines.

``SLAAUDIT_THOROUGH=1`` runs many more examples, and shrinks what fails (which may take minutes).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

sys.path.insert(0, str(Path(__file__).parent))  # the oracle and the strategies stand beside the tests

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
FOUND_ONLY = (Phase.explicit, Phase.reuse, Phase.generate)
settings.register_profile(
    "modest", deadline=None, max_examples=25, suppress_health_check=QUIET, phases=FOUND_ONLY, database=None
)
settings.register_profile("thorough", deadline=None, max_examples=4000, suppress_health_check=QUIET)
settings.load_profile("thorough" if os.environ.get("SLAAUDIT_THOROUGH") else "modest")
