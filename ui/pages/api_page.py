"""The OpenAPI description as a page to read: every address, its fields, what it returns. No script, no other host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ui.markup import Html, join, tag

_DEEPEST = 3
_METHODS = ("get", "post", "put", "delete")
_LIMITS = {
    "minLength": "at least {} character(s)", "maxLength": "at most {} characters", "minimum": "≥ {}", "maximum": "≤ {}",
    "maxItems": "at most {} items", "pattern": "pattern {}", "default": "default {}",
}  # fmt: skip
Schema = Mapping[str, Any]


def api_page(description: Schema) -> Html:
    """All operations in the order in which they are described."""
    operations = [
        (method, path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    ]
    contents = [
        tag("li", tag("a", f"{method.upper()} {path}", href=f"#{operation['operationId']}"))
        for method, path, operation in operations
    ]
    lead = tag(
        "p", "The same as a file for programs: ", tag("a", "v1/openapi.json", href="v1/openapi.json"), class_="lead"
    )
    return tag(
        "div",
        lead,
        tag("ul", join(contents)),
        join(_operation(method, path, operation, description) for method, path, operation in operations),
        lang="en",
        class_="api",
    )


class _Field(NamedTuple):
    """A field of a request or of what comes back; `place` is query, path, header or body, or empty in an answer."""

    name: str
    place: str
    is_required: bool
    schema: Schema


def _operation(method: str, path: str, operation: Schema, description: Schema) -> Html:
    fields = [
        _Field(given["name"], given["in"], given.get("required", False), given["schema"])
        for given in operation.get("parameters", ())
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    fields += _fields(body, description, "body")
    rows = [[tag("code", f.name), f.place, _kind(f, description), _meaning(f.schema, description)] for f in fields]
    return tag(
        "section",
        tag("h2", tag("code", f"{method.upper()} {path}")),
        tag("p", _with_code(operation.get("description", ""))),
        _table(["field", "in", "type", "meaning"], rows) if rows else "",
        join(_response(status, response, description) for status, response in operation["responses"].items()),
        class_="operation",
        id=operation["operationId"],
    )


def _with_code(text: str) -> Html:
    """A sentence in which what stands between backticks is code."""
    return join(tag("code", part) if at % 2 else tag("span", part) for at, part in enumerate(text.split("`")))


def _response(status: str, response: Schema, description: Schema) -> Html:
    kinds = ", ".join(response.get("content", {}))
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    said = _resolved(schema, description).get("description", "") or response.get("description", "")
    rows = [
        [tag("code", f.name), _kind(f, description), _meaning(f.schema, description)]
        for f in _fields(schema, description, "")
    ]
    summary = tag("summary", tag("code", status), f" {said}" + (f" ({kinds})" if kinds else ""))
    return tag("details", summary, _table(["field", "type", "meaning"], rows) if rows else "")


def _fields(schema: Schema, description: Schema, place: str, prefix: str = "", depth: int = 0) -> Iterator[_Field]:
    """The fields of an object and of the objects in it, named by their way: `claims[].text`."""
    model = _resolved(schema, description)
    for name, field in model.get("properties", {}).items():
        yield _Field(prefix + name, place, name in model.get("required", ()), field)
        inner, step = _resolved(field, description), "."
        if "items" in inner:
            inner, step = _resolved(inner["items"], description), "[]."
        if depth < _DEEPEST and "properties" in inner:
            yield from _fields(inner, description, place, f"{prefix}{name}{step}", depth + 1)


def _kind(field: _Field, description: Schema) -> str:
    return _type(field.schema, description) + (" · required" if field.is_required and field.place else "")


def _meaning(schema: Schema, description: Schema) -> str:
    model = _resolved(schema, description)
    limits = [text.format(model[key]) for key, text in _LIMITS.items() if model.get(key) not in (None, "", [])]
    said = schema.get("description") or model.get("description", "")
    return "; ".join([*([said] if said else []), *limits])


def _type(schema: Schema, description: Schema) -> str:
    model = _resolved(schema, description)
    if "anyOf" in model:
        return " or ".join(_type(kind, description) for kind in model["anyOf"])
    if "enum" in model:
        return " | ".join(str(value) for value in model["enum"])
    if model.get("type") == "array":
        return f"list of {_type(model.get('items', {}), description)}"
    return str(model.get("type", "any"))


def _resolved(schema: Schema, description: Schema) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Schema = description["components"]["schemas"][name] if name else schema
    return found


def _table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> Html:
    head = tag("tr", join(tag("th", name, scope="col") for name in names))
    body = join(tag("tr", join(tag("td", cell) for cell in row)) for row in rows)
    return tag("div", tag("table", tag("thead", head), tag("tbody", body)), class_="scroll", tabindex=0)
