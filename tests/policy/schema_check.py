"""A small validator for the part of JSON Schema that our schemas use; an unknown keyword is an error."""

from __future__ import annotations

import re
from typing import Any

KINDS = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}
NOTES = {"$schema", "$defs", "title", "description", "examples", "default", "format"}


class Checker:
    """Holds data against a schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.root = schema

    def fits(self, value: Any, schema: Any | None = None) -> bool:
        """Whether the value fits the schema (the whole one by default)."""
        schema = self.root if schema is None else schema
        if isinstance(schema, bool):
            return schema
        known = NOTES | {name.removeprefix("key_") for name in dir(self) if name.startswith("key_")}
        strange = {key.replace("$", "") for key in schema} - {key.replace("$", "") for key in known}
        assert not strange - {"then", "else", "properties", "patternProperties", "additionalProperties"}, strange
        checks = (getattr(self, f"key_{key.replace('$', '')}", None) for key in schema)
        return self._entries_fit(value, schema) and all(
            check(value, stated, schema) for check, stated in zip(checks, schema.values(), strict=True) if check
        )

    def key_ref(self, value: Any, stated: str, _: Any) -> bool:
        return self.fits(value, self.root["$defs"][stated.removeprefix("#/$defs/")])

    def key_type(self, value: Any, stated: Any, _: Any) -> bool:
        return any(KINDS[kind](value) for kind in ([stated] if isinstance(stated, str) else stated))

    def key_anyOf(self, value: Any, stated: Any, _: Any) -> bool:  # noqa: N802  (JSON Schema's own word)
        return any(self.fits(value, each) for each in stated)

    def key_oneOf(self, value: Any, stated: Any, _: Any) -> bool:  # noqa: N802  (JSON Schema's own word)
        return sum(self.fits(value, each) for each in stated) == 1

    def key_not(self, value: Any, stated: Any, _: Any) -> bool:
        return not self.fits(value, stated)

    def key_if(self, value: Any, stated: Any, schema: Any) -> bool:
        return self.fits(value, schema["then" if self.fits(value, stated) else "else"])

    def key_const(self, value: Any, stated: Any, _: Any) -> bool:
        return value == stated

    def key_enum(self, value: Any, stated: Any, _: Any) -> bool:
        return value in stated

    def key_pattern(self, value: Any, stated: str, _: Any) -> bool:
        return not isinstance(value, str) or bool(re.search(stated, value))

    def key_required(self, value: Any, stated: Any, _: Any) -> bool:
        return not isinstance(value, dict) or set(stated) <= set(value)

    def key_minItems(self, value: Any, stated: int, _: Any) -> bool:  # noqa: N802  (JSON Schema's own word)
        return not isinstance(value, list) or len(value) >= stated

    def key_maxItems(self, value: Any, stated: int, _: Any) -> bool:  # noqa: N802  (JSON Schema's own word)
        return not isinstance(value, list) or len(value) <= stated

    def key_minimum(self, value: Any, stated: float, _: Any) -> bool:
        return not KINDS["number"](value) or value >= stated

    def key_maximum(self, value: Any, stated: float, _: Any) -> bool:
        return not KINDS["number"](value) or value <= stated

    def key_exclusiveMinimum(self, value: Any, stated: float, _: Any) -> bool:  # noqa: N802  (JSON Schema's own word)
        return not KINDS["number"](value) or value > stated

    def key_minProperties(self, value: Any, stated: int, _: Any) -> bool:  # noqa: N802  (JSON Schema's own word)
        return not isinstance(value, dict) or len(value) >= stated

    def key_items(self, value: Any, stated: Any, _: Any) -> bool:
        return not isinstance(value, list) or all(self.fits(each, stated) for each in value)

    def key_propertyNames(self, value: Any, stated: Any, _: Any) -> bool:  # noqa: N802  (JSON Schema's own word)
        return not isinstance(value, dict) or all(self.fits(each, stated) for each in value)

    def _entries_fit(self, value: Any, schema: Any) -> bool:
        stated = {"properties", "patternProperties", "additionalProperties"} & set(schema)
        if not stated or not isinstance(value, dict):
            return True
        return all(self._entry_fits(key, each, schema) for key, each in value.items())

    def _entry_fits(self, key: str, value: Any, schema: Any) -> bool:
        named = [schema["properties"][key]] if key in schema.get("properties", {}) else []
        named += [each for pattern, each in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
        rest = schema.get("additionalProperties", {})
        return all(self.fits(value, each) for each in named) if named else rest is not False and self.fits(value, rest)
