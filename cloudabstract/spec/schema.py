"""JSON Schema (2020-12) of the portable kinds, for editors and for tools that check files.

Made from the same shapes as the decoder, so both say yes and no to the same fields; rules across
fields (check.py) are ours alone. `document_schema()` is for a whole file: the kind decides which
branch holds, so that an editor completes and complains about that kind only.
"""

from __future__ import annotations

from typing import Any

from cloudabstract.model import API_VERSION, KINDS, Resource, shapes, traits
from cloudabstract.model.codec import Style, encoder
from cloudabstract.model.limits import MaxLen, MinLen, Pattern

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ROOT = f"https://{API_VERSION.split('/', maxsplit=1)[0]}/schema/{API_VERSION.split('/')[1]}"

Schema = dict[str, Any]

_QUANTITY = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0},
        {
            "type": "string",
            "pattern": r"^\s*\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
            r"([eE][+-]?[0-9]+|Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])?\s*$",
        },
    ]
}
_DURATION = r"^\s*(?=.*[0-9])([0-9]+h)?([0-9]+m)?([0-9]+s)?\s*$"


def kind_schema(kind: str) -> Schema:
    """The schema of documents of one kind. Raises KeyError when there is no such kind."""
    return {
        "$schema": DIALECT,
        "$id": f"{_ROOT}/{kind}.json",
        **_document(KINDS[kind]),
    }


def document_schema() -> Schema:
    """The schema of any document of ours: what holds depends on its `kind`."""
    return {
        "$schema": DIALECT,
        "$id": f"{_ROOT}/all.json",
        "title": "cloudabstract",
        "description": f"Documents of {API_VERSION}.",
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": list(KINDS)}},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{kind}"},
            }
            for kind in KINDS
        ],
        "$defs": {kind: _document(cls) for kind, cls in KINDS.items()},
    }


def _document(cls: type[Resource]) -> Schema:
    metadata = _record(_shape(cls, "metadata"))
    if not cls.NAMESPACED:
        del metadata["properties"]["namespace"]
    return {
        "title": cls.KIND,
        "description": _summary(cls),
        "type": "object",
        "required": ["kind", "metadata", "spec"],
        "additionalProperties": False,
        "properties": {
            "apiVersion": {"const": API_VERSION, "description": "May be left out."},
            "kind": {"const": cls.KIND},
            "metadata": metadata,
            "spec": _record(_shape(cls, "spec")),
            "status": {"type": "object", "description": "Written by cloudabstract; not read."},
        },
    }


def _shape(cls: type, key: str) -> type:
    shape = traits.by_key(cls)[key].shape
    assert isinstance(shape, shapes.Record)
    return shape.type


def _record(cls: type) -> Schema:
    fields = traits.fields(cls)
    schema: Schema = {
        "type": "object",
        "description": _summary(cls),
        "additionalProperties": False,
        "properties": {each.key: _field(each) for each in fields},
    }
    required = [each.key for each in fields if each.required]
    return schema | {"required": required} if required else schema


def _field(trait: traits.FieldTrait) -> Schema:
    schema = _schema(trait.shape)
    if not trait.required:
        schema = _or_null(schema)
    if trait.doc:
        schema["description"] = trait.doc
    if not trait.required and trait.default is not None:
        schema["default"] = _written(trait)
    return schema


def _written(trait: traits.FieldTrait) -> Any:
    """The default as a document says it."""
    shape = trait.shape
    if isinstance(shape, shapes.Record):
        return encoder(shape.type, Style.SPARSE)(trait.default)
    if isinstance(shape, shapes.Scalar) and shape.is_duration:
        return f"{trait.default}s"
    return list(trait.default) if isinstance(trait.default, tuple) else trait.default


def _or_null(schema: Schema) -> Schema:
    """Null stands for the default: one more type where there is one, else an alternative."""
    if isinstance(schema.get("type"), str):
        widened = {**schema, "type": [schema["type"], "null"]}
        if "enum" in schema:
            widened["enum"] = [*schema["enum"], None]
        return widened
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    return {"anyOf": [*schema.pop("anyOf", [schema]), {"type": "null"}]}


def _schema(shape: shapes.Shape) -> Schema:
    match shape:
        case shapes.Nullable(inner=inner):
            return _schema(inner)
        case shapes.Record(type=cls):
            return _record(cls)
        case shapes.Scalar():
            return _scalar(shape)
        case shapes.Choice(values=values):
            return {"enum": list(values)}
        case shapes.Items(item=item):
            return {"type": "array", "items": _schema(item), **_size(shape, "Items")}
        case shapes.Entries(value=value):
            return {"type": "object", "additionalProperties": _schema(value)}
        case shapes.Either(options=options):
            return {"anyOf": [_schema(each) for each in options]}
    return {}


def _scalar(shape: shapes.Scalar) -> Schema:
    if shape.is_quantity:
        return dict(_QUANTITY)
    bounds = shapes.bounds(shape)
    limits = {_BOUNDS[name]: value for name, value in bounds.items()}
    if shape.is_duration:
        return {"anyOf": [{"type": "integer", **limits}, {"type": "string", "pattern": _DURATION}]}
    if shape.type is str:
        pattern = shape.mark(Pattern)
        matched = {"pattern": f"^({pattern.regex})$"} if pattern else {}
        return {"type": "string", **_size(shape, "Length"), **matched}
    return {"type": _TYPES[shape.type], **limits}


_TYPES = {int: "integer", float: "number", bool: "boolean"}
_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum"}


def _size(shape: shapes.Shape, of: str) -> Schema:
    shortest, longest = shape.mark(MinLen), shape.mark(MaxLen)
    least = {f"min{of}": shortest.min_length} if shortest else {}
    return {**least, f"max{of}": longest.max_length} if longest else least


def _summary(cls: type) -> str:
    return " ".join((cls.__doc__ or "").split("\n\n")[0].split())
