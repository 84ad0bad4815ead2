"""Publishing: versions from a day, only for what changed, all or nothing; and what lists and pages then read."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.catalog import queries, services
from tongban.apps.catalog.errors import DefinitionsInvalid, DepartmentsMissing, UnknownMatter
from tongban.apps.catalog.models import MatterVersion
from tongban.apps.people.models import Department

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
def bakery(db: None) -> Department:
    return Department.objects.create(
        code="bakery",
        name_zh="面包局",
        name_en="Bakery Office",
        short_zh="面包",
        short_en="Bakery",
        credit_code="113617000000000196",
        level="3",
    )


def publish(tiny: TinyCity, *, since: date = DAY, **options: Any) -> list[tuple[str, int]]:
    published = services.publish(folder=tiny.folder, effective_from=since, by="anna", at=AT, **options)
    return [(one.code, one.version) for one in published]


def test_it_works(tiny: TinyCity, bakery: Department) -> None:
    assert publish(tiny) == [("bread-licence", 1)]
    found = queries.get_matter(code="bread-licence", on=DAY)
    assert (found.code, found.version, found.effective_from) == ("bread-licence", 1, DAY)
    assert found.definition.process.node("decide").department == "bakery"
    row = MatterVersion.objects.get(pk=found.version_id)
    assert (row.published_by, row.published_at) == ("anna", AT)
    assert set(row.files) == {"matter.yaml", "form.yaml", "rules.dmn", "processes/inspected.bpmn", "examples/big.yaml"}


def test_nothing_changed_nothing_published(tiny: TinyCity, bakery: Department) -> None:
    publish(tiny)
    assert publish(tiny) == []


def test_only_what_changed_gets_a_version(tiny: TinyCity, bakery: Department) -> None:
    tiny.copy_matter("cake-licence")
    assert publish(tiny) == [("bread-licence", 1), ("cake-licence", 1)]
    tiny.change("matters/cake-licence/form.yaml", "maxLength: 300", "maxLength: 200")
    assert publish(tiny) == [("cake-licence", 2)]


def test_a_shared_process_that_changed_is_a_new_version_of_all_who_use_it(tiny: TinyCity, bakery: Department) -> None:
    tiny.copy_matter("cake-licence")
    publish(tiny)
    tiny.change(tiny.PROCESS, 'name="核查" tb:name_en="Inspect"', 'name="看现场" tb:name_en="Visit"')
    assert publish(tiny) == [("bread-licence", 2), ("cake-licence", 2)]


def test_a_version_is_in_force_from_its_day(tiny: TinyCity, bakery: Department) -> None:
    publish(tiny, since=date(2026, 1, 1))
    tiny.change(tiny.MATTER, 'en: "Bread licence"}\nsummary', 'en: "Bread permit"}\nsummary')
    publish(tiny, since=date(2026, 6, 1))
    assert queries.get_matter(code="bread-licence", on=date(2026, 5, 31)).version == 1
    assert queries.get_matter(code="bread-licence", on=date(2026, 6, 1)).version == 2
    with pytest.raises(UnknownMatter):
        queries.get_matter(code="bread-licence", on=date(2025, 12, 31))
    names = {
        day: {row.code: row.name.en for row in queries.list_matters(on=day, limit=100).items}.get("bread-licence")
        for day in (date(2025, 12, 31), date(2026, 5, 31), date(2026, 6, 1))
    }
    assert list(names.values()) == [None, "Bread licence", "Bread permit"]


def test_a_running_case_stays_on_its_version(tiny: TinyCity, bakery: Department) -> None:
    publish(tiny)
    first = queries.get_matter(code="bread-licence", on=DAY)
    tiny.change(tiny.MATTER, "promised: 8 working days", "promised: 9 working days")
    publish(tiny)
    assert str(queries.get_matter(code="bread-licence", on=DAY).definition.promised) == "9 working days"
    assert str(queries.get_version(version_id=first.version_id).definition.promised) == "8 working days"


def test_a_published_version_survives_a_stricter_check(tiny: TinyCity, bakery: Department) -> None:
    publish(tiny)
    row = MatterVersion.objects.get(matter="bread-licence")
    row.files["matter.yaml"] += "a_key_that_is_refused_today: 1\n"
    row.save()
    queries.forget()
    assert queries.get_version(version_id=row.pk).definition.code == "bread-licence"


def test_all_or_nothing(tiny: TinyCity, bakery: Department) -> None:
    tiny.copy_matter("cake-licence")
    line = tiny.change("matters/cake-licence/matter.yaml", "visits: 0", "visits: 1")
    with pytest.raises(DefinitionsInvalid) as caught:
        publish(tiny)
    assert [(one.file, one.line, one.code) for one in caught.value.problems] == [
        ("matters/cake-licence/matter.yaml", line, "visits.no-reason")
    ]
    assert not MatterVersion.objects.filter(matter__in=["bread-licence", "cake-licence"]).exists()


def test_departments_must_be_loaded(tiny: TinyCity, db: None) -> None:
    with pytest.raises(DepartmentsMissing) as caught:
        publish(tiny)
    assert caught.value.departments == ("bakery",)


def test_a_matter_that_is_gone_is_withdrawn_only_when_asked(tiny: TinyCity, bakery: Department) -> None:
    tiny.copy_matter("cake-licence")
    publish(tiny)
    for path in sorted((tiny.folder / "matters" / "cake-licence").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (tiny.folder / "matters" / "cake-licence").rmdir()
    publish(tiny)
    version = queries.get_matter(code="cake-licence", on=DAY).version_id
    publish(tiny, since=date(2026, 4, 1), withdraw_missing=True)
    assert queries.get_matter(code="cake-licence", on=date(2026, 3, 31)).version_id == version
    with pytest.raises(UnknownMatter):
        queries.get_matter(code="cake-licence", on=date(2026, 4, 1))
    assert queries.get_version(version_id=version).code == "cake-licence", "its cases go on"


def test_a_version_seen_once_costs_no_query(
    tiny: TinyCity, bakery: Department, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish(tiny)
    with django_assert_num_queries(2):
        found = queries.get_matter(code="bread-licence", on=DAY)
    with django_assert_num_queries(1):
        assert queries.get_matter(code="bread-licence", on=DAY) is found
    with django_assert_num_queries(0):
        assert queries.get_version(version_id=found.version_id) is found


def test_an_unknown_version(db: None) -> None:
    with pytest.raises(UnknownMatter):
        queries.get_version(version_id=-1)


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize("text", ["", "面包"])
def test_a_list_takes_the_same_queries_however_long(
    tiny: TinyCity, bakery: Department, django_assert_max_num_queries: Any, count: int, text: str
) -> None:
    for number in range(count - 1):
        tiny.copy_matter(f"bread-{number}")
    publish(tiny)
    queries.list_matters(on=DAY, text=text)  # the search index is built once
    with django_assert_max_num_queries(4):
        page = queries.list_matters(on=DAY, text=text, limit=100)
    assert sum(row.authority == "bakery" for row in page.items) == count


def test_lists_are_filtered_and_cut_into_pages(tiny: TinyCity, bakery: Department) -> None:
    tiny.copy_matter("cake-licence")
    tiny.change("matters/cake-licence/matter.yaml", "topics: [business]", "topics: [family, rights]")
    tiny.change("matters/cake-licence/matter.yaml", 'served: ["1", "2"]', 'served: ["1"]')
    publish(tiny)

    def codes(**filters: Any) -> set[str]:
        return {
            row.code for row in queries.list_matters(on=DAY, limit=1000, **filters).items if row.authority == "bakery"
        }

    assert codes(topic="family") == {"cake-licence"}
    assert codes(topic="fam") == set()
    assert codes(served="2") == {"bread-licence"}
    assert codes(kind="instant") == set()
    assert codes(kind="promised") == {"bread-licence", "cake-licence"}
    whole = queries.list_matters(on=DAY, limit=1000)
    first, second = (queries.list_matters(on=DAY, limit=1, offset=offset) for offset in (0, 1))
    assert [*first.items, *second.items] == list(whole.items[:2])
    assert (first.total, first.next_offset, first.previous_offset) == (whole.total, 1, None)
    assert second.previous_offset == 0
    assert queries.list_topics(on=DAY)["rights"] == queries.list_matters(on=DAY, topic="rights").total
