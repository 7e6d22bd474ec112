"""The JSON Schema of a policy file, for editors: it describes the YAML as it is written, short forms included.

It is made from the model. What the model's own schema cannot say is added here: short forms that stand for a
mapping, the writer's own ``x-`` keys, and overlays (a reading's choice, a file that extends another), in which
nothing is required and ``null`` removes.
"""

from __future__ import annotations

import ast
import copy
import inspect
import itertools
import textwrap
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from slaaudit.policy import grammar
from slaaudit.policy.conditions import MATCH_SCHEMA
from slaaudit.policy.examples import STRETCH, ExamplesFile, Verdict
from slaaudit.policy.kinds import PERCENT, WORD, Part
from slaaudit.policy.model import Policy
from slaaudit.policy.overlays import DECIDABLE
from slaaudit.policy.waivers import WaiverFile

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema: TypeAlias = dict[str, Any]

_CLAUSES = ("TicketClause", "AvailabilityClause", "OrderClause", "NarrativeClause")
_TARGET = {"type": "string", "pattern": r"^\s*\d.* on \S+\s*$", "examples": ["4h on business", "1h on always"]}
_SHORT_FORMS: dict[str, Schema] = {
    "TargetRule": _TARGET,
    "Attainment": PERCENT,
    "Period": {"enum": list(grammar.PERIODS)},
    "Proportional": {"enum": ["downtime", "shortfall"]},
}
_EXAMPLE_SHORT_FORMS: dict[str, Schema] = {
    "Expected": {"enum": list(get_args(Verdict))},
    "ServiceTime": STRETCH,
}
_REQUIRED_BUT_IN_OVERLAYS = ("id", "vendor", "title", "clauses")


def policy_schema() -> Schema:
    """The schema (draft 2020-12)."""
    made = Policy.model_json_schema(by_alias=True)
    definitions: dict[str, Schema] = made.pop("$defs")
    definitions["Policy"] = made
    _describe(definitions)
    definitions = {name: _as_written(schema) for name, schema in definitions.items()}
    _calendars_as_written(definitions)
    definitions.pop("Match", None)
    for name, short in _SHORT_FORMS.items():
        definitions[name] = {"anyOf": [short, definitions[name]]}
    overlays = _overlays(definitions)
    choices = {"type": "object", "minProperties": 1, **_entries(_reference("OverlayChoice"))}
    definitions["Reading"]["properties"]["choices"] = choices
    overlays["OverlayReading"]["properties"]["choices"] = choices
    examples = _examples()
    for policy in (definitions["Policy"], overlays["OverlayPolicy"]):
        policy["properties"]["examples"] = examples["ExamplesFile"]["properties"]["examples"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "slaaudit policy",
        "type": "object",
        "if": {"required": ["slaaudit-examples"]},
        "then": _reference("ExamplesFile"),
        "else": {
            "if": {"required": ["extends"]},
            "then": _reference("OverlayPolicy"),
            "else": _reference("Policy"),
        },
        "$defs": definitions | overlays | examples,
    }


def _examples() -> dict[str, Schema]:
    """What examples are made of, whether a policy carries them or a file beside it."""
    made = ExamplesFile.model_json_schema(by_alias=True)
    definitions: dict[str, Schema] = made.pop("$defs")
    definitions["ExamplesFile"] = made
    _describe(definitions)
    definitions = {name: _as_written(schema) for name, schema in definitions.items()}
    for name, short in _EXAMPLE_SHORT_FORMS.items():
        definitions[name] = {"anyOf": [short, definitions[name]]}
    definitions["ExamplesFile"]["properties"]["examples"] = {
        "description": "What the policy is to say of a few tickets and outages; `slaaudit policy test` runs them.",
        "type": "array",
        "items": {**_reference("Example"), "required": ["name"]},
    }
    return definitions


def waivers_schema() -> Schema:
    """The schema (draft 2020-12) of a file of waivers: a list of them, or a mapping that holds it."""
    made = WaiverFile.model_json_schema(by_alias=True)
    definitions: dict[str, Schema] = made.pop("$defs")
    definitions["WaiverFile"] = made
    _describe(definitions)
    definitions = {name: _as_written(schema) for name, schema in definitions.items()}
    entry = definitions["WrittenWaiver"]
    for name in ("ticket", "incident"):
        entry["properties"][name] = {**WORD, "description": entry["properties"][name].get("description", "")}
    entry["oneOf"] = [{"required": ["ticket"]}, {"required": ["incident"]}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "slaaudit waivers",
        "anyOf": [{"type": "array", "items": _reference("WrittenWaiver")}, _reference("WaiverFile")],
        "$defs": definitions,
    }


def _describe(definitions: dict[str, Schema]) -> None:
    """Give each property the text that stands below its field in the source.

    pydantic can do this as the models are made, but reading the source then takes 0.08 s of every command.
    """
    for part in _parts(Part):
        properties = definitions.get(part.__name__, {}).get("properties", {})
        for field, text in _texts_below(part).items():
            alias = part.model_fields[field].alias or field if field in part.model_fields else field
            if alias in properties:
                properties[alias]["description"] = text


def _parts(kind: type[Part]) -> Iterator[type[Part]]:
    for part in kind.__subclasses__():
        yield part
        yield from _parts(part)


def _texts_below(part: type[Part]) -> dict[str, str]:
    """The text below each field of a model and of those that it extends."""
    found: dict[str, str] = {}
    for owner in reversed([each for each in part.__mro__ if issubclass(each, Part)]):
        body = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0]
        assert isinstance(body, ast.ClassDef)  # noqa: S101  (the source of a class is one)
        for line, below in itertools.pairwise(body.body):
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and isinstance(below, ast.Expr):
                found[line.target.id] = inspect.cleandoc(ast.literal_eval(below.value))
    return found


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
