"""The JSON Schema of a policy file, for editors: it describes the YAML as it is written, short forms included.

It is made from the model. What the model's own schema cannot say is added here: short forms that stand for a
mapping, the writer's own ``x-`` keys, and overlays (a reading's choice, a file that extends another), in which
nothing is required and ``null`` removes.
"""

from __future__ import annotations

import copy
from typing import Any, TypeAlias

from slaaudit.policy import grammar
from slaaudit.policy.conditions import MATCH_SCHEMA
from slaaudit.policy.kinds import PERCENT, WORD
from slaaudit.policy.model import Policy
from slaaudit.policy.overlays import DECIDABLE

Schema: TypeAlias = dict[str, Any]

_CLAUSES = ("TicketClause", "AvailabilityClause", "OrderClause", "NarrativeClause")
_TARGET = {"type": "string", "pattern": r"^\s*\d.* on \S+\s*$", "examples": ["4h on business", "1h on always"]}
_SHORT_FORMS: dict[str, Schema] = {
    "TargetRule": _TARGET,
    "Attainment": PERCENT,
    "Period": {"enum": list(grammar.PERIODS)},
    "Proportional": {"enum": ["downtime", "shortfall"]},
}
_REQUIRED_BUT_IN_OVERLAYS = ("id", "vendor", "title", "clauses")


def policy_schema() -> Schema:
    """The schema (draft 2020-12)."""
    made = Policy.model_json_schema(by_alias=True)
    definitions: dict[str, Schema] = made.pop("$defs")
    definitions["Policy"] = made
    definitions = {name: _as_written(schema) for name, schema in definitions.items()}
    _calendars_as_written(definitions)
    definitions.pop("Match", None)
    for name, short in _SHORT_FORMS.items():
        definitions[name] = {"anyOf": [short, definitions[name]]}
    overlays = _overlays(definitions)
    choices = {"type": "object", "minProperties": 1, **_entries(_reference("OverlayChoice"))}
    definitions["Reading"]["properties"]["choices"] = choices
    overlays["OverlayReading"]["properties"]["choices"] = choices
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "slaaudit policy",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": _reference("OverlayPolicy"),
        "else": _reference("Policy"),
        "$defs": definitions | overlays,
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _entries(of: Schema) -> Schema:
    """What a mapping of free names to ``of`` allows: its entries, and keys of the writer's own."""
    return {"patternProperties": {"^x-": {}}, "additionalProperties": of}


def _as_written(schema: Any) -> Any:
    """A generated schema without its noise, open to ``x-`` keys."""
    if isinstance(schema, list):
        return [_as_written(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("$ref") == "#/$defs/Match":
        return copy.deepcopy(MATCH_SCHEMA)
    kept = {
        key: _properties(value) if key == "properties" else _as_written(value)
        for key, value in schema.items()
        if not _is_noise(key, value)
    }
    if isinstance(described := schema.get("description"), str):
        kept["description"] = " ".join(described.replace("``", "`").split())
    if kept.get("type") == "object" and "additionalProperties" in kept:
        kept.setdefault("patternProperties", {"^x-": {}})
    return kept


def _properties(properties: Schema) -> Schema:
    """The properties of a mapping, each by its own name (a property may be named like a keyword)."""
    return {name: _as_written(schema) for name, schema in properties.items()}


def _is_noise(key: str, value: Any) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value in ("", None, {}, []))


def _calendars_as_written(definitions: dict[str, Schema]) -> None:
    calendar = definitions["Calendar"]
    calendar["properties"].pop("always")
    calendar["required"] = ["timezone"]
    calendar["properties"]["timezone"].pop("default", None)
    named = {"anyOf": [_reference("Calendar"), {**WORD, "description": "Another calendar's name, or 24x7."}]}
    properties = definitions["Policy"]["properties"]
    properties["calendars"] = {
        "description": "Open hours by name; `always` (24x7) is built in.",
        "type": "object",
        **_entries(named),
    }


def _overlays(definitions: dict[str, Schema]) -> dict[str, Schema]:
    """For every definition its overlay: nothing is required, ``null`` removes, a clause need not say its measure."""
    overlays = {f"Overlay{name}": _overlay(schema) for name, schema in definitions.items()}
    clauses = [overlays.pop(f"Overlay{name}") for name in _CLAUSES]
    properties = {key: schema for clause in clauses for key, schema in clause["properties"].items()}
    properties["measure"] = {
        "enum": [*(each for clause in clauses for each in _measures(clause["properties"]["measure"]))]
    }
    overlays["OverlayClause"] = {**clauses[0], "properties": properties}
    policy = overlays["OverlayPolicy"]
    policy["properties"]["clauses"] = {"type": "object", **_entries(_or_null(_reference("OverlayClause")))}
    decidable = {key: schema for key, schema in policy["properties"].items() if key in DECIDABLE}
    overlays["OverlayChoice"] = {
        "description": "A piece of policy laid over the rest: mappings merge, all else replaces, null removes.",
        "type": "object",
        "properties": decidable,
        **_entries({"not": {}}),
    }
    return overlays


def _measures(schema: Schema) -> list[str]:
    """The measures that a clause's schema allows (it stands in an overlay, beside null)."""
    inner = schema["anyOf"][0] if "anyOf" in schema else schema
    return [inner["const"]] if "const" in inner else list(inner["enum"])


def _overlay(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_overlay(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _overlay(value) for key, value in schema.items() if key not in ("required", "minProperties")}
    if isinstance(changed.get("$ref"), str):
        changed["$ref"] = changed["$ref"].replace("#/$defs/", "#/$defs/Overlay")
    if isinstance(changed.get("properties"), dict):
        changed["properties"] = {name: _or_null(each) for name, each in changed["properties"].items()}
    if isinstance(changed.get("additionalProperties"), dict):
        changed["additionalProperties"] = _or_null(changed["additionalProperties"])
    return changed


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}
