"""Who does something, as the domain sees it: capacity and reach, not a sign-in."""

from dataclasses import dataclass, field

__all__ = ["SYSTEM", "Actor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever acts. ``id`` goes to the log (never a name or number of a person)."""

    id: str
    name: str = ""
    name_en: str = ""
    user_id: int | None = None
    person_id: int | None = None
    organisations: frozenset[str] = frozenset()  # for which the actor acts in all matters
    mandates: frozenset[tuple[str, str]] = frozenset()  # (organisation, matter): for which in this matter only
    departments: frozenset[str] = frozenset()
    roles: frozenset[tuple[str, str]] = field(default=frozenset())  # (department, role)

    @property
    def is_official(self) -> bool:
        """Whether the actor serves in any department."""
        return bool(self.departments)

    def acts_for(self, organisation: str, *, matter: str) -> bool:
        """Whether the actor may act for ``organisation`` in this matter."""
        return organisation in self.organisations or (organisation, matter) in self.mandates

    def has_role(self, role: str, *, department: str | None = None) -> bool:
        """Whether the actor holds ``role``, in ``department`` or anywhere."""
        return any(held == role and department in (None, where) for where, held in self.roles)


SYSTEM = Actor(id="system", name="系统", name_en="System")
