"""slaaudit checks a vendor's support promises against what the helpdesk recorded."""

__version__ = "0.1.0"
