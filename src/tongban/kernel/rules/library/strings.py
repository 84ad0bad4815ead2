"""String functions. A position counts characters from 1, or from the end with -1."""

import re
from functools import lru_cache

from tongban.kernel.rules.library.patterns import compile_pattern
from tongban.kernel.rules.library.registry import built_in
from tongban.kernel.rules.values import Run, Value

__all__: list[str] = []


@built_in("substring", "string: string, start position: number, length: number?")
def substring(run: Run, string: str, start: Value, length: Value = None) -> Value:
    if start == 0 or abs(start) > len(string) or (length is not None and length < 1):
        return run.null("rules.null.position", length=len(string))
    first = int(start) - 1 if start > 0 else len(string) + int(start)
    return string[first:] if length is None else string[first : first + int(length)]


@built_in("string length", "string: string")
def string_length(run: Run, string: str) -> int:
    return len(string)


@built_in("upper case", "string: string")
def upper_case(run: Run, string: str) -> str:
    return string.upper()


@built_in("lower case", "string: string")
def lower_case(run: Run, string: str) -> str:
    return string.lower()


@built_in("substring before", "string: string, match: string")
def substring_before(run: Run, string: str, match: str) -> str:
    return string.partition(match)[0] if match and match in string else ""


@built_in("substring after", "string: string, match: string")
def substring_after(run: Run, string: str, match: str) -> str:
    if not match:
        return string
    return string.partition(match)[2]


@built_in("contains", "string: string, match: string")
def contains(run: Run, string: str, match: str) -> bool:
    return match in string


@built_in("starts with", "string: string, match: string")
def starts_with(run: Run, string: str, match: str) -> bool:
    return string.startswith(match)


@built_in("ends with", "string: string, match: string")
def ends_with(run: Run, string: str, match: str) -> bool:
    return string.endswith(match)


def _pattern(run: Run, name: str, string: str, pattern: str, flags: str | None) -> re.Pattern[str] | None:
    found = compile_pattern(pattern, flags or "")
    if found is None:
        run.null("rules.null.pattern", function=name)
        return None
    if not found.bearable(string):
        run.null("rules.null.pattern-cost", function=name, length=len(string))
        return None
    run.spend(len(string))
    return found.compiled


@built_in("matches", "input: string, pattern: string, flags: string?")
def matches(run: Run, string: str, pattern: str, flags: str | None = None) -> Value:
    compiled = _pattern(run, "matches", string, pattern, flags)
    return None if compiled is None else compiled.search(string) is not None


@lru_cache(maxsize=256)
def _template(replacement: str) -> tuple[str | int, ...] | None:
    """The texts and group numbers of a replacement; None for a `$` or backslash that stands for nothing."""
    made: list[str | int] = []
    for part in re.findall(r"\$[0-9]|\\[\\$]|[$\\]|[^$\\]+", replacement):
        if part in ("$", "\\"):
            return None
        made.append(int(part[1:]) if part[0] == "$" else part[-1] if part[0] == "\\" else part)
    return tuple(made)


@built_in("replace", "input: string, pattern: string, replacement: string, flags: string?")
def replace(run: Run, string: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    compiled = _pattern(run, "replace", string, pattern, flags)
    template = (replacement,) if flags and "q" in flags else _template(replacement)
    if compiled is None or template is None:
        return run.null("rules.null.pattern", function="replace")
    if any(type(part) is int and part > compiled.groups for part in template):
        return run.null("rules.null.pattern", function="replace")

    def one(match: re.Match[str]) -> str:
        made = "".join(part if isinstance(part, str) else match[part] or "" for part in template)
        run.spend(len(made) >> 6)
        return made

    return compiled.sub(one, string)


@built_in("split", "string: string, delimiter: string")
def split(run: Run, string: str, delimiter: str) -> Value:
    compiled = _pattern(run, "split", string, delimiter, None) if delimiter else None
    if compiled is None:
        return run.null("rules.null.pattern", function="split")
    parts: list[Value] = []
    last = 0
    for match in compiled.finditer(string):
        if match.end() > match.start():
            parts.append(string[last : match.start()])
            last = match.end()
    return [*parts, string[last:]]


@built_in("string join", "list: list, delimiter: string?")
def string_join(run: Run, items: list[Value], delimiter: str | None = None) -> Value:
    kept = [item for item in items if item is not None]
    if not all(type(item) is str for item in kept):
        return run.null("rules.null.arguments", function="string join")
    run.spend((sum(len(item) for item in kept) + len(delimiter or "") * len(kept)) >> 6)
    return (delimiter or "").join(kept)


@built_in("string join", "list: list, delimiter: string?, prefix: string?, suffix: string?")
def string_join_within(
    run: Run, items: list[Value], delimiter: str | None = None, prefix: str | None = None, suffix: str | None = None
) -> Value:
    joined = string_join(run, items, delimiter)
    return None if joined is None else (prefix or "") + joined + (suffix or "")


@built_in("trim", "string: string")
def trim(run: Run, string: str) -> str:
    return string.strip()
