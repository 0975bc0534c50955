"""The components: what they refuse, what they escape, and how a table becomes cards."""

import pytest
from bs4 import BeautifulSoup
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory


def drawn(source, **context):
    return BeautifulSoup(Template(source).render(Context(context)), "html.parser")


def test_a_misspelt_tone_is_refused():
    with pytest.raises(TemplateSyntaxError, match="orange"):
        drawn('{% badge "due" tone="orange" %}')


def test_a_badge_never_speaks_by_colour_alone():
    badge = drawn('{% badge "overdue" tone="todo" %}').span
    assert badge["data-tone"] == "todo"
    assert badge.get_text() == "overdue"
    assert badge.svg.use["href"].endswith("#alert")


@pytest.mark.parametrize(
    "source",
    [
        "{% badge name %}",
        "{% page_header name subtitle=name %}{% endpage_header %}",
        "{% card title=name %}{{ name }}{% endcard %}",
        "{% facts %}{% fact name name %}{% endfacts %}",
        "{% stat name name note=name unit=name %}",
        "{% tab name '?' %}",
        "{% steps 1 name %}",
        "{% row name meta=name %}{{ name }}{% endrow %}",
        "{% table caption=name %}<thead><tr><th>{{ name }}</th></tr></thead>"
        "<tbody><tr><td>{{ name }}</td></tr></tbody>{% endtable %}",
    ],
)
def test_a_name_is_shown_and_never_obeyed(source):
    name = "<b>小·明</b>\"'&amp;"
    page = drawn(source, name=name)
    assert page.find("b") is None
    assert name in page.get_text()


def test_an_empty_fact_says_so():
    assert drawn('{% fact "School" value %}', value="").dd.get_text() == "—"
    assert drawn('{% fact "Siblings" value %}', value=0).dd.get_text() == "0"


def test_a_table_names_its_cells_and_its_cards():
    page = drawn(
        "{% table caption='Children' %}"
        "<thead><tr><th></th><th>Name</th><th class='num'>Age &amp; grade</th></tr></thead>"
        "<tbody><tr><td>1</td><td>Fang</td><td>9</td></tr><tr><td colspan='3'>none</td></tr></tbody>{% endtable %}"
    )
    assert page.thead.find("th").get_text() == "Name"  # an empty header would be announced as one
    first, second = page.tbody.find_all("tr")
    assert [cell["data-label"] for cell in first.find_all("td")] == ["", "Name", "Age & grade"]
    assert [cell.has_attr("data-first") for cell in first.find_all("td")] == [False, True, False]
    assert not second.td.has_attr("data-label")


def test_a_wide_table_scrolls_by_keyboard():
    frame = drawn("{% table caption='By age' wide=True %}<tbody><tr><td>1</td></tr></tbody>{% endtable %}").div
    assert (frame["role"], frame["tabindex"], frame["aria-label"]) == ("region", "0", "By age")


def test_the_pager_keeps_the_filters():
    request = RequestFactory().get("/?status=active&page=2")
    page = drawn("{% pager page %}", page=Paginator(range(95), 10).get_page(2), request=request)
    assert page.find("a", rel="prev")["href"] == "?status=active&page=1"
    assert page.find("a", rel="next")["href"] == "?status=active&page=3"
    assert page.find(attrs={"aria-current": "page"}).get_text() == "2"


def test_the_pager_of_one_page_is_not_there():
    request = RequestFactory().get("/")
    assert drawn("{% pager page %}", page=Paginator(range(5), 10).get_page(1), request=request).find("nav") is None


def test_progress_is_green_only_when_done():
    assert drawn("{% progress 4 5 %}").span["data-tone"] == "info"
    assert drawn("{% progress 5 5 %}").span["data-tone"] == "done"
    assert drawn("{% progress 0 0 %}").span["data-tone"] == "info"
