"""Any workbook of any cells through the pages: an answer in words, all of it or nothing, never an error."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from children.models import Child, ImportBatch
from tests.imports.factories import HEADER, confirm, upload
from tests.roster.test_any_workbook import CELLS, WORDS
from tests.roster.workbooks import build, resident_id

pytestmark = pytest.mark.django_db
NAMES = st.sampled_from(["王小明", "陈小雨", "㐂𠮷·O'Neil <b>", "名" * 80, "=1+1", "王\u3000一（大）", "不详"])
ODD = st.one_of(CELLS, NAMES, st.text(max_size=300), st.sampled_from(["\x00", "\ud800", "\u202e甲", "1" * 400, "同上"]))
ROWS = st.lists(
    st.tuples(
        NAMES | ODD,
        st.sampled_from(["男", "女", ""]) | ODD,
        st.sampled_from(["2015.3.16", "2015年3月", 2012.1, ""]) | ODD,
        st.sampled_from([resident_id(), resident_id("20160420", 998), "", "1"]) | ODD,
        *[ODD] * (len(HEADER) - 4),
    ),
    max_size=8,
)  # fmt: skip


def sheet(rows):
    def write(page, _book):
        for number, cells in enumerate([HEADER, *rows]):
            for column, cell in enumerate(cells):
                _write(page, number, column, cell)

    return write


def _write(page, number, column, cell):
    try:
        page.write(number, column, cell)
    except (TypeError, ValueError, UnicodeError, OverflowError):
        page.write_string(number, column, repr(cell)[:100].encode("ascii", "replace").decode())


def file_of(rows):
    try:
        return build(("恩和路社区", sheet(rows)))
    except (UnicodeError, TypeError):
        return build(("恩和路社区", sheet([])))


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(ROWS)
def test_any_cells_are_taken_in_or_explained(community, director, signed_in, rows):
    client = signed_in(director)
    before = Child.objects.count()
    answer = upload(client, file_of(rows))
    assert answer.status_code in (200, 302)
    if answer.status_code == 302:
        batch = ImportBatch.objects.latest("pk")
        for show in ("", "all", "noted"):
            assert client.get(answer.url, {"show": show}).status_code == 200
        assert confirm(client, batch).status_code == 302
        batch.refresh_from_db()
        assert batch.status == "confirmed" or not (batch.counts.get("accepted") or batch.counts.get("duplicate"))
        assert Child.objects.count() - before == batch.counts.get("added", 0)
        assert client.get(answer.url, {"show": "all"}).status_code == 200
        again = upload(client, file_of(rows))
        assert ImportBatch.objects.latest("pk").counts.get("accepted", 0) == 0, again.url


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(community, director, signed_in, content):
    answer = upload(signed_in(director), io.BytesIO(content))
    assert answer.status_code in (200, 302)


@settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.text(max_size=300), st.sampled_from(WORDS))
def test_any_file_name_is_kept_clean(community, director, signed_in, name, word):
    content = build((word.replace("/", "")[:20].strip("'") or "a", [HEADER]))
    content.name = f"{name.encode('utf-8', 'replace').decode()}.xlsx"
    assert upload(signed_in(director), content).status_code in (200, 302)
