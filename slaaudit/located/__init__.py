"""YAML that remembers where each value stands, and faults that point there.

``read_file`` gives a ``Document``: its ``root`` is a tree of values with their places, its ``faults`` tell
what is wrong with the YAML itself. ``plain(root)`` is ordinary data for a model; what the model refuses,
``faults_of`` turns into faults with line, caret and the nearest known word. Policies and mapping files are
read through here.
"""

from slaaudit.located.faults import ElsewhereError, UnknownWordError, described, faults_of, known_keys
from slaaudit.located.reading import Document, read_bytes, read_file, read_text
from slaaudit.located.tree import (
    Located,
    Path,
    Place,
    Sources,
    did_you_mean,
    harmless,
    in_order,
    nearest,
    plain,
    walk,
    without_free_keys,
    word,
)

__all__ = [
    "Document",
    "ElsewhereError",
    "Located",
    "Path",
    "Place",
    "Sources",
    "UnknownWordError",
    "described",
    "did_you_mean",
    "faults_of",
    "harmless",
    "in_order",
    "known_keys",
    "nearest",
    "plain",
    "read_bytes",
    "read_file",
    "read_text",
    "walk",
    "without_free_keys",
    "word",
]
