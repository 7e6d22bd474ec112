"""How a run ends: one exit code, and one clear message where it could not do what was asked.

0, 1, 2 and 3 are the codes of an audit; 130 is an interrupt from the keyboard and 141 a reader that went away.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from slaaudit.errors import EvidenceError, FaultsError, SlaauditError
from slaaudit.report.safe import ELLIPSIS, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130
READER_GONE = 141
USAGE = 2

_LONG_WORD = re.compile(r"(\S{400})\S{100,}")


def exit_code_of(app: Any, arguments: Sequence[str]) -> int:
    """Run the command and say how it ended. Nothing but a keyboard or a debugger gets past this."""
    debug = os.environ.get("SLAAUDIT_DEBUG", "") not in ("", "0")
    if not debug:
        warnings.simplefilter("ignore")
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(list(arguments), standalone_mode=False, prog_name="slaaudit")
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit):  # typer makes the latter, and nothing else, of the former
        _forget_output()
        return READER_GONE
    except Exception as error:
        # No traceback ever reaches a user who did not ask for one.
        if debug and not isinstance(error, SlaauditError) and not _is_of_typer(error):
            raise
        code = _told(error, [word for word in arguments if not word.isprintable()])
    if code == INTERRUPTED:
        _say("interrupted")
    return code if isinstance(code, int) else 0


def _told(error: Exception, odd: Sequence[str]) -> int:
    """Say what went wrong. ``odd`` words of the command, such as a file's name with a line break, are shown escaped."""
    if isinstance(error, SlaauditError):
        text = str(error)
        for word in odd:
            text = text.replace(word, shown(word))
        _say(text, prefix="" if isinstance(error, FaultsError) else "slaaudit: ")
        return error.exit_code
    if isinstance(error, MemoryError):
        _say("not enough memory for these files; split them by ticket, or run where there is more")
        return EvidenceError.exit_code
    if _is_of_typer(error):
        return _told_usage(error)
    if isinstance(error, OSError) and error.filename is None:  # the files that we open are told of by name
        _say(f"standard output cannot be written: {error.strerror or error}")
        _forget_output()
        return USAGE
    kind = type(error).__name__
    _say(
        f"an unexpected fault, which is ours and not yours ({kind}: {shown(str(error), 200)}).\n"
        "Please report it with what SLAAUDIT_DEBUG=1 prints before the command; no verdict was reached."
    )
    return USAGE


def _is_of_typer(error: Exception) -> bool:
    """Whether typer (or the click inside it) raised this about the command as it was typed."""
    return hasattr(error, "format_message") or type(error).__name__ == "Abort"


def _told_usage(error: Any) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.ctx.get_help())  # noqa: T201  (help that was not asked for is still help)
        return 0
    near = sorted(getattr(error, "possibilities", None) or ())
    message = error.format_message() if hasattr(error, "format_message") else "aborted"
    if near:
        message = f"{error.message}; did you mean {' or '.join(near)}?"
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "slaaudit"
    _say(f"{message}\nTry: {command} --help")
    return USAGE


def _say(text: str, prefix: str = "slaaudit: ") -> None:
    lines = "\n".join(shown(_LONG_WORD.sub(r"\1" + ELLIPSIS, line)) for line in text.split("\n"))
    print(prefix + lines, file=sys.stderr)  # noqa: T201  (the one place that speaks on stderr)


def _forget_output() -> None:
    """Point stdout at nothing, so that the interpreter's last flush does not fail as well."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _nowhere() -> TextIO:
    """What stands for a stream that was closed before the command began (``>&-``)."""
    return Path(os.devnull).open("w", encoding="utf-8")
