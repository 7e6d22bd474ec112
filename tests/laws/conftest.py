"""The laws: properties held on generated calendars, policies and timelines.

``SLAAUDIT_THOROUGH=1`` runs many more examples.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))  # the oracle and the strategies stand beside the tests

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
settings.register_profile("modest", deadline=None, max_examples=60, suppress_health_check=QUIET)
settings.register_profile("thorough", deadline=None, max_examples=4000, suppress_health_check=QUIET)
settings.register_profile("longer", deadline=None, max_examples=700, suppress_health_check=QUIET)
settings.load_profile("thorough" if os.environ.get("SLAAUDIT_THOROUGH") else "modest")
if os.environ.get("SLAAUDIT_EXAMPLES"): settings.register_profile("n", deadline=None, max_examples=int(os.environ["SLAAUDIT_EXAMPLES"]), suppress_health_check=QUIET); settings.load_profile("n")
