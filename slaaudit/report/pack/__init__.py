"""An evidence pack: a folder that proves a report, and the check that it still does."""
