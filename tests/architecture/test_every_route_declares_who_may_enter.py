"""A view that declares nothing is not reachable; this names it before anybody meets it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tongban.web.access import declared

PLACES = ("desk/", "supervise/", "window/")


def _views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


def test_every_route_declares_who_may_enter() -> None:
    routes = list(_views(get_resolver()))
    assert len(routes) > 30
    assert [path for path, view in routes if declared(view) is None] == []  # type: ignore[arg-type]


def test_desk_and_supervision_are_for_officials() -> None:
    theirs = {path: view for path, view in _views(get_resolver()) if path.startswith(PLACES)}
    assert {path.partition("/")[0] + "/" for path in theirs} == set(PLACES)
    for path, view in theirs.items():
        access = declared(view)  # type: ignore[arg-type]
        assert access is not None, path
        assert access.kind == "official", path
