"""What a run was told by other ways than its command line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SettingsUsed:
    """The flags that a project file or variables set, by name, and the file with its checksum (both may be empty)."""

    path: str = ""
    sha256: str = ""
    from_file: tuple[str, ...] = ()
    from_variables: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.path or self.from_variables)


NONE_USED = SettingsUsed()
