"""Background work around people's rights, run by ``tongban work``."""

from uuid import UUID

from django_tasks import task

from tongban.apps.rights.exports import make_export

__all__ = ["make"]


@task()
def make(export: str) -> None:
    """Make a copy of somebody's data."""
    make_export(export=UUID(export))
