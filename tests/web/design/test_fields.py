"""A field as it is drawn: tied together by ids, safe, the same from a Django form and from a ``Field``."""

from dataclasses import replace

from django import forms
from django.template import Context, Template
from django.utils.translation import override
from lxml import html

from tongban.web.fields import Field, Option, field_of


class Shop(forms.Form):
    """A form with one of each."""

    name = forms.CharField(label="Name", help_text="As on the sign")
    phone = forms.CharField(label="Phone", widget=forms.TextInput(attrs={"autocomplete": "tel", "data-width": "20"}))
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    dishes = forms.MultipleChoiceField(
        label="Dishes", choices=[("h", "Hot"), ("c", "Cold")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    plan = forms.FileField(label="Plan", widget=forms.FileInput(attrs={"accept": ".pdf"}))
    pledge = forms.BooleanField(label="True")


def drawn(template: str, **context: object) -> html.HtmlElement:
    return html.fromstring(f"<div>{Template(template).render(Context(context))}</div>")


def test_it_works() -> None:
    page = drawn("{% field form.name %}", form=Shop(data={"name": '"<b>'}))
    control = page.xpath("//input")[0]
    assert control.get("value") == '"<b>'
    assert page.xpath("//label")[0].get("for") == control.get("id")
    assert control.get("aria-describedby") == page.xpath("//div[@class='govuk-hint']")[0].get("id")
    assert control.get("aria-required") == "true"


def test_an_error_is_beside_the_field_and_in_the_summary() -> None:
    form = Shop(data={"name": "x"})
    page = drawn("{% error_summary form %}{% for bound in form %}{% field bound %}{% endfor %}", form=form)
    links = [link.get("href")[1:] for link in page.xpath("//*[contains(@class, 'error-summary')]//a")]
    assert len(links) == 5
    for anchor in links:
        found = page.xpath(f"//*[@id='{anchor}']")
        assert len(found) == 1
        assert found[0].tag in ("input", "textarea", "select")
    phone = page.xpath("//input[@name='phone']")[0]
    assert phone.get("aria-invalid") == "true"
    assert page.xpath(f"//*[@id='{phone.get('aria-describedby')}']")


def test_ids_are_given_once() -> None:
    page = drawn("{% for bound in form %}{% field bound %}{% endfor %}", form=Shop(data={}))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_what_was_chosen_stays_chosen() -> None:
    page = drawn(
        "{% field form.kind %}{% field form.dishes %}{% field form.pledge %}",
        form=Shop(data={"kind": "b", "dishes": ["c"], "pledge": "on"}),
    )
    chosen = [(box.get("name"), box.get("value")) for box in page.xpath("//input[@checked]")]
    assert chosen == [("kind", "b"), ("dishes", "c"), ("pledge", None)]


def test_nothing_wrong_draws_no_summary() -> None:
    assert Template("{% error_summary form %}").render(Context({"form": Shop()})) == ""


def test_a_question_a_page_has_the_label_as_its_heading() -> None:
    page = drawn("{% field form.name heading=True %}", form=Shop())
    assert page.xpath("//h1/label")


def test_a_date_is_anchored_at_its_first_part_and_posts_three() -> None:
    field = Field(kind="date", name="opening", label="Opening", errors=("Say when",), parts={"year": "2026"})
    page = drawn("{% error_summary fields %}{% field one %}", fields=[field], one=field)
    assert page.xpath("//input/@name") == ["opening-year", "opening-month", "opening-day"]
    assert page.xpath("//a/@href") == ["#id_opening-year"]
    assert page.xpath("//input/@value") == ["2026", "", ""]


def test_a_field_made_by_hand_is_escaped_too() -> None:
    field = Field(kind="select", name="x", label="<i>", options=(Option("<", "<b>", selected=True),))
    page = drawn("{% field one %}", one=field)
    assert page.xpath("//option/@value") == ["<"]
    assert not page.xpath("//i | //b")


def test_widgets_are_told_apart() -> None:
    kinds = {bound.name: field_of(bound).kind for bound in Shop()}
    assert kinds == {
        "name": "text",
        "phone": "text",
        "kind": "radios",
        "dishes": "checkboxes",
        "note": "textarea",
        "plan": "file",
        "pledge": "checkbox",
    }
    assert field_of(Shop()["phone"]).width == 20
    assert field_of(Shop()["plan"]).accept == ".pdf"


def test_a_password_is_never_written_back() -> None:
    class Login(forms.Form):
        password = forms.CharField(widget=forms.PasswordInput)

    page = drawn("{% field form.password %}", form=Login(data={"password": "secret-words"}))
    assert page.xpath("//input/@type") == ["password"]
    assert page.xpath("//input/@value") == [""]


def test_what_one_has_typed_is_in_nobody_elses_page() -> None:
    full, empty = (Field(kind="text", name="street", label="Street", value=value) for value in ("Willow Lane 3", ""))
    for shown in (empty, full, empty):
        control = drawn("{% field shown %}", shown=shown).xpath("//input")[0]
        assert control.get("value") == shown.value


def test_a_field_speaks_the_language_of_each_reader() -> None:
    said = []
    for language in ("en", "zh-hans", "en"):
        with override(language):
            said.append(drawn("{% field shown %}", shown=Field(kind="date", name="born", label="Born")).text_content())
    assert "Year" in said[0]
    assert "年" in said[1]
    assert said[2] == said[0]


def test_a_field_shows_what_is_different_about_it() -> None:
    shown = Field(kind="text", name="a", label="A", attributes={"maxlength": "4"})
    other = replace(shown, attributes={"maxlength": "5"})
    assert [drawn("{% field x %}", x=x).xpath("//input/@maxlength") for x in (shown, other, shown)] == [
        ["4"],
        ["5"],
        ["4"],
    ]


def test_what_does_not_change_is_drawn_once_for_each_language_and_value() -> None:
    page = Template("{% unchanging keys %}{% translate 'Year' %} {{ keys }} {{ asked }}{% endunchanging %}")
    with override("en"):
        assert page.render(Context({"keys": True, "asked": "first"})) == "Year True first"
        assert page.render(Context({"keys": True, "asked": "again"})) == "Year True first"
        assert page.render(Context({"keys": False, "asked": "other"})) == "Year False other"
    with override("zh-hans"):
        assert page.render(Context({"keys": True, "asked": "first"})).startswith("年 ")
