"""Owner and colleague see a case; a stranger is not told that there is one."""

from collections.abc import Callable
from typing import Any

from tests.api.conftest import PDF, Api
from tests.conftest import FileCase

Read = Callable[[Any], tuple[int, str]]


def test_it_works(owner: Api, window: Api) -> None:
    number = owner.file()
    case = owner.get(f"/cases/{number}").json()
    assert case["status"] == "received"
    assert case["outcome"] is None
    assert case["matter_name"]["zh"] == "食品经营许可（餐饮服务）"
    assert case["answers"]["shop_name"]
    assert case["answers"]["safety_manager_phone"].count("*") >= 4, "numbers of people are masked"
    assert [step["act"] for step in case["steps"]] == ["accept"]
    assert not case["steps"][0]["may_act"]
    assert case["materials"][0]["code"] == "floor_plan"
    assert case["statutory"] is None, "the legal clock starts with acceptance"
    assert case["certificate"] is None
    window.do(number, "accept")
    clock = owner.get(f"/cases/{number}").json()["statutory"]
    assert (clock["limit"], clock["remaining"], clock["started"]) == ("20 working days", 20, True)


def test_who_sees_it(owner: Api, colleague: Api, stranger: Api, nobody: Api, market: Api, code_of: Read) -> None:
    number = owner.file()
    for part in ("", "/events", "/certificate"):
        assert colleague.get(f"/cases/{number}{part}").status_code == (404 if part == "/certificate" else 200)
        assert code_of(stranger.get(f"/cases/{number}{part}")) == (404, "case.unknown")
        assert code_of(nobody.get(f"/cases/{number}{part}")) == (401, "api.unauthenticated")
    assert market.get(f"/cases/{number}").status_code == 200, "the authority of the matter"


def test_another_department_is_a_stranger_as_well(owner: Api, connect: Callable[..., Api], code_of: Read) -> None:
    health = connect(department="health")
    assert code_of(health.get(f"/cases/{owner.file()}")) == (404, "case.unknown")


def test_a_number_with_a_slip_in_it(owner: Api, code_of: Read) -> None:
    number = owner.file()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert code_of(owner.get(f"/cases/{wrong}")) == (404, "number.check")
    assert code_of(owner.get("/cases/12")) == (404, "number.length")


def test_own_cases_newest_first_page_by_page(owner: Api, colleague: Api, stranger: Api, file_case: FileCase) -> None:
    filed = [owner.file() for _ in range(3)]
    filed.append(f"{file_case(username='zhoumin', applicant='organisation:91361700MA00001A5K'):016d}")
    file_case()  # a resident's own
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = colleague.get("/cases", limit=3, cursor=cursor).json()
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]
    assert sorted(seen) == sorted(filed), "whatever the way on which they came"
    assert stranger.get("/cases").json() == {"items": [], "next": None}
    assert owner.get("/cases", group="done").json()["items"] == []
    assert owner.get("/cases", group="sideways").status_code == 422


def test_a_cursor_of_another_list(owner: Api, nobody: Api) -> None:
    other = nobody.get("/matters", limit=2).json()["next"]
    assert owner.get("/cases", cursor=other).json()["errors"][0]["code"] == "api.cursor"


def test_a_department_has_no_cases_of_its_own(window: Api, nobody: Api, code_of: Read) -> None:
    assert code_of(window.get("/cases")) == (403, "api.no-organisation")
    assert code_of(nobody.get("/cases")) == (401, "api.unauthenticated")


def test_what_has_happened(owner: Api, market: Api, grant: Callable[[str], None]) -> None:
    number = owner.file()
    grant(number)
    seen: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = owner.get(f"/cases/{number}/events", limit=2, cursor=cursor).json()
        seen += page["items"]
        cursor = page["next"]
    kinds = [event["kind"] for event in seen]
    assert kinds[:2] == ["case.filed", "case.accepted"]
    assert {"case.decided", "certificate.issued"} <= set(kinds)
    assert [event["seq"] for event in seen] == list(range(1, len(seen) + 1))
    text = str(seen)
    assert "moves" not in text
    assert "In order." not in text, "opinions are the departments' own"
    assert "In order." in str(market.get(f"/cases/{number}/events", limit=100).json())


def test_the_certificate(owner: Api, stranger: Api, grant: Callable[[str], None], code_of: Read) -> None:
    number = owner.file()
    assert code_of(owner.get(f"/cases/{number}/certificate")) == (404, "certificate.unknown")
    grant(number)
    response = owner.get(f"/cases/{number}/certificate")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert response["Cache-Control"] == "private, no-store"
    found = owner.get(f"/cases/{number}").json()["certificate"]
    assert found["href"] == f"/api/v1/cases/{number}/certificate"
    assert found["identifier"].startswith("1.2.156.3005.2.")
    assert code_of(stranger.get(f"/cases/{number}/certificate")) == (404, "case.unknown")


def test_the_files_of_a_case(
    owner: Api, colleague: Api, stranger: Api, market: Api, nobody: Api, code_of: Read
) -> None:
    path = f"/cases/{owner.file()}/materials/1"
    for reader in (owner, colleague, market):
        response = reader.get(path)
        assert response.status_code == 200
        assert response.content == PDF
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
    assert code_of(stranger.get(path)) == (404, "case.unknown")
    assert code_of(nobody.get(path)) == (401, "api.unauthenticated")
    assert code_of(owner.get(path[:-1] + "9")) == (404, "api.not-found")


def test_queries_do_not_grow_with_rows(owner: Api, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        owner.file()
    with django_assert_max_num_queries(2):
        assert len(owner.get("/cases", limit=100).json()["items"]) == 3
