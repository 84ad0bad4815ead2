"""The catalogue is public."""

from tests.api.conftest import Api


def test_it_works(nobody: Api) -> None:
    page = nobody.get("/matters", q="开个小饭馆", limit=5).json()
    assert page["items"][0]["code"] in {"food-business-licence", "restaurant-opening"}
    assert page["items"][0]["name"]["en"]
    assert page["items"][0]["href"].startswith("/api/v1/matters/")


def test_pages_follow_one_another_without_gap_or_repetition(nobody: Api) -> None:
    seen: list[str] = []
    cursor, pages = "", 0
    while True:
        page = nobody.get("/matters", limit=7, cursor=cursor).json()
        seen += [item["code"] for item in page["items"]]
        pages += 1
        if page["next"] is None:
            break
        cursor = page["next"]
    assert pages > 1
    assert len(seen) == len(set(seen)) == page["total"] >= 15


def test_by_topic(nobody: Api) -> None:
    items = nobody.get("/matters", topic="housing", limit=100).json()["items"]
    assert items
    assert all("housing" in item["topics"] for item in items)


def test_a_cursor_of_ones_own_making(nobody: Api, code_of: object) -> None:
    for cursor in ("5", "zzz", "é", "a:b"):
        response = nobody.get("/matters", cursor=cursor)
        assert response.status_code == 422
        assert response.json()["errors"][0] == {
            "field": "cursor",
            "code": "api.cursor",
            "message": "Use `next` of the page before.",
        }


def test_the_whole_guide_with_a_schema_that_the_examples_fit(nobody: Api) -> None:
    from django.utils import timezone
    from jsonschema import Draft202012Validator

    from tongban.apps.catalog.queries import get_matter

    guide = nobody.get("/matters/food-business-licence").json()
    assert guide["limits"] == {
        "statutory": "20 working days",
        "promised": "8 working days",
        "extension": "10 working days",
    }
    assert guide["legal_basis"][0]["article"]["zh"] == "第三十五条"
    assert {each["code"]: each["form"] for each in guide["materials"]}["floor_plan"] == "upload"
    assert len(guide["implementation_code"]) == 31
    schema = guide["form"]
    Draft202012Validator.check_schema(schema)
    assert "shop_name" in schema["required"]
    assert "licence_number" not in schema["required"], "asked under a condition only"
    assert schema["properties"]["licence_number"]["x-when"] == '(application_kind = "renewal")'
    examples = get_matter(code="food-business-licence", on=timezone.localdate()).definition.examples
    for example in examples:
        Draft202012Validator(schema).validate(example.answers)


def test_every_guide_can_be_read(nobody: Api) -> None:
    for item in nobody.get("/matters", limit=100).json()["items"]:
        response = nobody.get(f"/matters/{item['code']}")
        assert response.status_code == 200, item["code"]
        assert response.json()["form"]["properties"]


def test_an_unknown_matter(nobody: Api, code_of: object) -> None:
    assert code_of(nobody.get("/matters/flying-carpets")) == (404, "catalog.unknown-matter")  # type: ignore[operator]
