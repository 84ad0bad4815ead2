"""No app reads another app's tables in code: it asks the other app's services or queries."""

import grimp

# The log's rows and the mandate's names are words that services and queries speak; everything else is private.
OPEN = {"services", "queries", "errors", "apps"}
ALSO_OPEN = {
    "tongban.apps.people.actors",  # who acts: a value, no table
    "tongban.apps.people.assurance",  # how surely somebody is signed in: values, no table
    "tongban.apps.people.addresses",  # from where somebody asks: no table
    "tongban.apps.people.sealing",  # how a number is kept: no table
    "tongban.apps.neighbours.calling",  # how another server is called: no table
    "tongban.apps.catalog.definitions",  # what a matter says: values, no table
    "tongban.apps.catalog.bundles",  # reads of bundles as published
    "tongban.apps.catalog.life_events",  # reads of bundles by words
    "tongban.apps.catalog.overview",  # what start pages say of the catalogue
    "tongban.apps.catalog.city",  # the city's names and calendar: no table
    "tongban.apps.ledger.statements",  # how a row becomes a statement: no table
    "tongban.apps.ledger.readings",  # how a query is written once: no table
    "tongban.apps.ledger.transactions",  # how a command begins and commits: no table
    "tongban.apps.ledger.streams",  # logs of what is no case, as services and queries in one
    "tongban.apps.ledger.checkpoints",  # reads of what was signed
    "tongban.apps.exchange.extracts",  # what registers said for a draft: commands and reads
    "tongban.apps.cases.answers",  # how answers are kept: no table
    "tongban.apps.cases.boards",  # reads of whole queues
    "tongban.apps.cases.consequences",  # reads of what a command would do
    "tongban.apps.cases.documents",  # reads of what a case owes its applicant in writing
    "tongban.apps.cases.tasks",  # what the worker runs
    "tongban.apps.halls.appointments",  # reads of appointments
    "tongban.apps.halls.icalendar",  # how calendars write them: no table
    "tongban.apps.intake.orders",  # commands and reads of orders
    "tongban.apps.intake.filings",  # reads of a clerk's day
    "tongban.apps.voice.whole",  # commands and reads of topics
    "tongban.apps.voice.rooms",  # commands and reads of events
    "tongban.apps.voice.themes",  # commands and reads of themes of months
}
# The sign-in is Django's: views and middleware get it on the request and must be able to name its type.
SIGN_IN = ("tongban.apps.people.models",)


def _app(module: str) -> str | None:
    parts = module.split(".")
    return parts[2] if parts[:2] == ["tongban", "apps"] and len(parts) > 2 else None


def test_no_app_is_entered_by_the_back_door() -> None:
    graph = grimp.build_graph("tongban", cache_dir=None)
    wrong = []
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            target = _app(imported)
            if target is None or target == _app(importer) or importer.startswith("tongban.config.management"):
                continue
            room = imported.split(".")[3] if imported.count(".") > 2 else "apps"
            if room in OPEN or any(imported == each or imported.startswith(each + ".") for each in ALSO_OPEN):
                continue
            if imported in SIGN_IN and importer.startswith("tongban.web"):
                continue
            wrong.append(f"{importer} imports {imported}")
    assert sorted(wrong) == []


def test_there_is_no_circle_of_packages() -> None:
    graph = grimp.build_graph("tongban", cache_dir=None)
    names = (
        "ledger",
        "people",
        "catalog",
        "neighbours",
        "exchange",
        "evidence",
        "recognition",
        "cases",
        "payments",
        "intake",
        "halls",
        "supervision",
        "desks",
        "correspondence",
        "insight",
        "audits",
        "channels",
        "rights",
    )
    apps = [f"tongban.apps.{name}" for name in names]
    circles = [
        (one, other)
        for index, one in enumerate(apps)
        for other in apps[index + 1 :]
        if graph.find_shortest_chain(one, other, as_packages=True)
        and graph.find_shortest_chain(other, one, as_packages=True)
    ]
    assert circles == []
