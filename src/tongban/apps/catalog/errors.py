"""What can go wrong with the catalogue, as types with codes; screens turn codes into words."""

from collections.abc import Sequence

from tongban.apps.catalog.definitions.problems import Problem

__all__ = ["CatalogError", "DefinitionsInvalid", "DepartmentsMissing", "UnknownBundle", "UnknownMatter"]


class CatalogError(Exception):
    """Base of this app's errors; ``code`` is stable and names the words on the screen."""

    code = "catalog.error"


class UnknownMatter(CatalogError):
    """No version of such a matter is in force on that day."""

    code = "catalog.unknown-matter"

    def __init__(self, matter: str) -> None:
        super().__init__(f"no matter {matter!r} in force")
        self.matter = matter


class UnknownBundle(CatalogError):
    """No version of such a bundle is in force on that day."""

    code = "catalog.unknown-bundle"

    def __init__(self, bundle: str) -> None:
        super().__init__(f"no bundle {bundle!r} in force")
        self.bundle = bundle


class DefinitionsInvalid(CatalogError):
    """A folder cannot be published. Carries every problem found, in order."""

    code = "catalog.definitions-invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DepartmentsMissing(CatalogError):
    """Matters name departments that have not been loaded into the database."""

    code = "catalog.departments-missing"

    def __init__(self, departments: Sequence[str]) -> None:
        self.departments = tuple(departments)
        super().__init__(f"not loaded: {', '.join(self.departments)}")
