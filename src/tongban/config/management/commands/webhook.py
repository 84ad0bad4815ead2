"""``tongban webhook``: where systems want to hear of the events of their cases."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.channels.errors import WebhookInvalid
from tongban.apps.channels.queries import list_webhooks
from tongban.apps.channels.services import register_webhook, revoke_webhook

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Register, list and end web hooks."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="register one and print its secret, once")
        create.add_argument("--organisation", help="credit code of the organisation whose cases it hears of")
        create.add_argument("--department", help="code of the department whose cases it hears of")
        create.add_argument("--url", required=True, help="where it is called: https, public")
        create.add_argument("--kind", action="append", default=[], help="only this kind of event")
        actions.add_parser("list", help="show them all, without secrets")
        revoke = actions.add_parser("revoke", help="end one at once")
        revoke.add_argument("id", help="which one")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _create(self, options: dict[str, Any]) -> None:
        try:
            name, secret = register_webhook(
                organisation=options["organisation"],
                department=options["department"],
                url=options["url"],
                kinds=options["kind"],
                at=timezone.now(),
            )
        except WebhookInvalid as error:
            raise CommandError(str(error.params["why"])) from error
        self.stdout.write(f"id      {name}")
        self.stdout.write(f"secret  {secret}")
        self.stdout.write("The secret is shown this once: give it to whoever runs the system.")

    def _list(self, options: dict[str, Any]) -> None:
        for hook in list_webhooks():
            owner = hook.organisation_id or hook.department_id
            kinds = ", ".join(hook.kinds) or "all events"
            state = f"  ended {hook.revoked_at:%Y-%m-%d}" if hook.revoked_at else ""
            self.stdout.write(f"{hook.pk}  {owner}  {hook.url}  {kinds}{state}")

    def _revoke(self, options: dict[str, Any]) -> None:
        if not revoke_webhook(webhook_id=options["id"], at=timezone.now()):
            raise CommandError("There is no such web hook, or it has ended already.")
        self.stdout.write("Ended.")
