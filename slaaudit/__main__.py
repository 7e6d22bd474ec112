"""``python -m slaaudit``."""

from slaaudit.cli import main

if __name__ == "__main__":
    main()
