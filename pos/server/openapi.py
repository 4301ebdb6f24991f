"""What the routes take and give, in the form of OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
from fastapi import Response
from fastapi.openapi.utils import get_openapi

from pos.protocol.messages import Refusal

if TYPE_CHECKING:
    from fastapi import FastAPI

Known = Literal["device", "organiser"]  # by what whoever asks is known

_REF: Final = "#/components/schemas/{name}"
_REFUSED: Final = {
    400: "The bytes do not decode.",
    401: "No token or password, or an unknown one.",
    403: "Not with this code, not for a device that was shut out, or not with this role.",
    404: "There is no such thing.",
    409: "Not as this shop stands, or not as it stands any more.",
    413: "Larger than any message may be.",
    422: "A value that cannot be.",
    426: "A protocol that this server does not speak.",
    429: "Too much; come again after so many seconds.",
    503: "Not now; come again after so many seconds.",
}
_TEXT: Final[dict[str, Any]] = {"text/plain": {"schema": {"type": "string"}}}
TEXT: Final[dict[int | str, dict[str, Any]]] = {200: {"description": "As plain text.", "content": _TEXT}}
_shapes: dict[str, type] = {}  # every one that a route names
NOT_READY: Final[dict[int | str, dict[str, Any]]] = {503: {"description": "Not ready.", "content": _TEXT}}


def said(asked: type | None, given: type, *, known: Known | None = None) -> dict[str, Any]:
    """How a route is described: what it is given, what it answers with 200, and who may ask."""
    responses: dict[int | str, dict[str, Any]] = {
        status: {"description": words, "content": _json(Refusal)} for status, words in _REFUSED.items()
    }
    responses[200] = {"description": "Done.", "content": _json(given)}
    extra: dict[str, Any] = {}
    if asked is not None:
        extra["requestBody"] = {"required": True, "content": _json(asked)}
    if known is not None:
        extra["security"] = [{known: []}]
    return {"response_class": Response, "responses": responses, "openapi_extra": extra}


def _json(shape: type) -> dict[str, Any]:
    _shapes[shape.__name__] = shape
    return {"application/json": {"schema": {"$ref": _REF.format(name=shape.__name__)}}}


def description(app: FastAPI) -> dict[str, Any]:
    """The routes of an application."""
    found = get_openapi(title=app.title, version=app.version, routes=app.routes)
    _, schemas = msgspec.json.schema_components(_shapes.values(), schema_hook=_any_json, ref_template=_REF)
    found["components"] = {
        "schemas": schemas,
        "securitySchemes": {
            "device": {"type": "http", "scheme": "bearer"},
            "organiser": {"type": "http", "scheme": "basic"},
        },
    }
    return found


def _any_json(_shape: type) -> dict[str, Any]:
    return {}
