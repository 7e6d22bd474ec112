"""What hypothesis draws: the same examples each time, others with ``SLAAUDIT_THOROUGH=1``; and no time limit."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.register_profile("searching", deadline=None)
settings.load_profile("searching" if os.environ.get("SLAAUDIT_THOROUGH") else "steady")
