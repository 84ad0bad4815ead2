"""Context functions."""

from tongban.kernel.rules.library.registry import built_in
from tongban.kernel.rules.values import Run, Value

__all__: list[str] = []


@built_in("get value", "context: context, key: string")
def get_value(run: Run, context: dict[str, Value], key: str) -> Value:
    return context.get(key)


@built_in("get value", "m: context, key: string")
def get_value_m(run: Run, context: dict[str, Value], key: str) -> Value:
    return context.get(key)


@built_in("get entries", "context: context")
def get_entries(run: Run, context: dict[str, Value]) -> Value:
    return [{"key": key, "value": value} for key, value in context.items()]


@built_in("get entries", "m: context")
def get_entries_m(run: Run, context: dict[str, Value]) -> Value:
    return get_entries(run, context)


@built_in("context put", "context: context, key: string, value: any")
def context_put(run: Run, context: dict[str, Value], key: str, value: Value) -> Value:
    run.spend(len(context))
    return {**context, key: value}


@built_in("context put", "context: context, keys: list, value: any")
def context_put_deep(run: Run, context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """The context with the entry at a path of keys replaced."""
    if not keys or not all(type(key) is str for key in keys):
        return run.null("rules.null.arguments", function="context put")
    run.spend(len(context))
    first, *rest = keys
    if not rest:
        return {**context, first: value}
    inner = context.get(first)
    if type(inner) is not dict:
        return run.null("rules.null.no-entry", name="keys")
    deeper = context_put_deep(run, inner, rest, value)
    return None if deeper is None else {**context, first: deeper}


@built_in("context merge", "contexts: list*")
def context_merge(run: Run, contexts: list[Value]) -> Value:
    made: dict[str, Value] = {}
    for context in contexts:
        if type(context) is not dict:
            return run.null("rules.null.arguments", function="context merge")
        run.spend(len(context))
        made.update(context)
    return made


@built_in("context", "entries: list*")
def context(run: Run, entries: list[Value]) -> Value:
    """A context of `{key, value}` pairs; a key may come once."""
    made: dict[str, Value] = {}
    for entry in entries:
        whole = type(entry) is dict and "key" in entry and "value" in entry
        if not whole or type(entry["key"]) is not str or entry["key"] in made:
            return run.null("rules.null.arguments", function="context")
        made[entry["key"]] = entry["value"]
    return made
