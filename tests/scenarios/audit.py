"""Run against a city after a scenario: prints, as JSON, everything in it that does not hold together.

A process of its own, so that it sees what is in the database and nothing that the test remembers.
"""

import json
import os
import sys


def main() -> None:
    """Print findings and what there is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from tongban.api.v1.models import IdempotentCall
    from tongban.apps.cases.models import Case, Material, Task, Timer
    from tongban.apps.catalog.queries import get_version
    from tongban.apps.evidence.models import Certificate
    from tongban.apps.ledger.queries import get_history
    from tongban.kernel import flow

    call_command("verify", stdout=sys.stderr)  # ends this process in failure when a log does not hold
    wrong = []
    for case in Case.objects.all():
        process = get_version(version_id=case.matter_version_id).definition.process
        history = get_history(case=case.number)
        state = flow.replay(definition=process, events=[e for e in history if e.kind in flow.KINDS])
        if flow.state_to_json(state) != case.state:
            wrong.append(f"{case.number}: the row is not what its log says")
        open_tasks = set(Task.objects.filter(case=case.number, finished=None).values_list("no", flat=True))
        if open_tasks != {task.no for task in state.tasks}:
            wrong.append(f"{case.number}: open steps are not those of its log")
        if set(Timer.objects.filter(case=case.number).values_list("no", flat=True)) != {t.no for t in state.timers}:
            wrong.append(f"{case.number}: timers are not those of its log")
        given = sum(len(files) for files in history[0].data["about"]["materials"].values())
        if Material.objects.filter(case=case.number).count() != given:
            wrong.append(f"{case.number}: materials are not those that it was filed with")
        issued = [event for event in history if event.kind == "certificate.issued"]
        if Certificate.objects.filter(case=case.number).count() != len(issued):
            wrong.append(f"{case.number}: the certificate is not what its log says")
    calls = IdempotentCall.objects.all()
    wrong += [f"key {call.key}: taken without an answer" for call in calls if not call.body]
    filed = {call.key: json.loads(call.body).get("number") for call in calls if call.status == 201 and call.body}
    json.dump(
        {
            "wrong": wrong,
            "cases": {f"{case.number:016d}": case.outcome for case in Case.objects.all()},
            "filed": {key: number for key, number in filed.items() if number},
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
