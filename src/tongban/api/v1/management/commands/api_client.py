"""``tongban api-client``: register connected systems, end them, forget old answers."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.api.v1.clients import SCOPES, ClientRefused, forget_calls, register, revoke
from tongban.api.v1.models import Client

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Register API clients, list and revoke them, forget the answers kept for repeated calls."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="register a client and print its secret, once")
        create.add_argument("--name", required=True)
        owner = create.add_mutually_exclusive_group(required=True)
        owner.add_argument("--organisation", help="unified social credit code")
        owner.add_argument("--department", help="department code")
        create.add_argument("--scopes", nargs="+", required=True, choices=SCOPES)
        end = actions.add_parser("revoke", help="end a client at once")
        end.add_argument("id")
        actions.add_parser("list", help="every client, without secrets")
        forget = actions.add_parser("forget", help="drop answers kept for repeated calls")
        forget.add_argument("--days", type=int, default=30, help="keep those of so many days")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _create(self, options: dict[str, Any]) -> None:
        try:
            client, secret = register(
                name=options["name"],
                organisation=options["organisation"],
                department=options["department"],
                scopes=options["scopes"],
                at=timezone.now(),
            )
        except ClientRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"id      {client}\nsecret  {secret}\nThe secret is kept nowhere: note it now.")

    def _revoke(self, options: dict[str, Any]) -> None:
        if not revoke(client=options["id"], at=timezone.now()):
            raise CommandError("There is no such client, or it has been revoked already.")
        self.stdout.write("Revoked.")

    def _list(self, options: dict[str, Any]) -> None:
        for row in Client.objects.order_by("created_at"):
            owner = row.organisation_id or row.department_id
            state = "revoked" if row.revoked_at else "active"
            self.stdout.write(f"{row.pk}  {state}  {owner}  {row.name}  {' '.join(row.scopes)}")

    def _forget(self, options: dict[str, Any]) -> None:
        count = forget_calls(before=timezone.now() - timedelta(days=options["days"]))
        self.stdout.write(f"{count} answers forgotten.")
