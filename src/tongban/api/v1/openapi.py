"""The OpenAPI 3.1 document: what ninja says of the operations, and what each may answer besides."""

from typing import Any

from tongban.api.v1.problems import MEDIA_TYPE, Problem

__all__ = ["complete"]

_REFERENCE = "#/components/schemas/Problem"
_WORDS = {
    400: "The request cannot be read, or carries no Idempotency-Key",
    401: "Not recognised",
    403: "Recognised, but not allowed",
    404: "Not there, or not for this client to know of",
    405: "Not with this method",
    409: "Not possible in the present state",
    413: "Too large",
    415: "Another kind of content is wanted",
    422: "Values that cannot be taken: see `errors`",
    429: "Too often: see Retry-After",
    503: "Not possible for a moment: see Retry-After",
}
_WAIT = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}}


def complete(document: dict[str, Any]) -> None:
    """Add to every operation the problems that it may answer with, and the scopes that it takes."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {**schema.pop("$defs", {}), "Problem": schema}
    for address, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(operation, post=method == "post", within="{" in address)


def _complete(operation: dict[str, Any], *, post: bool, within: bool) -> None:
    may = {422, 429, 503}
    if operation.get("security"):
        may |= {401, 403}
    if within or post:
        may.add(404)
    if post:
        may |= {400, 409, 413, 415}
    for status in sorted(may):
        operation["responses"][status] = {
            "description": _WORDS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE}}},
            **({"headers": _WAIT} if status in (429, 503) else {}),
        }
    if post and operation.get("security"):  # what anybody may post changes nothing, so nothing is kept of it
        operation["responses"] = {
            status: _replayable(answer) if int(status) < 300 else answer
            for status, answer in operation["responses"].items()
        }


def _replayable(answer: dict[str, Any]) -> dict[str, Any]:
    note = {"description": "`true` when this answer was given before.", "schema": {"type": "string", "const": "true"}}
    return {**answer, "headers": {"Idempotency-Replayed": note}}
