"""Policies: YAML read into frozen objects, every fault at once, with its line.

``load`` is the door: a file or a published policy, under chosen readings.
"""

from slaaudit.policy.holidays import closed_days
from slaaudit.policy.model import Policy
from slaaudit.policy.published import Published, published
from slaaudit.policy.reader import LoadedPolicy, load

__all__ = ["LoadedPolicy", "Policy", "Published", "closed_days", "load", "published"]
