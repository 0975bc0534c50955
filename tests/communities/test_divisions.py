import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from communities.models import Division

pytestmark = pytest.mark.django_db


def test_the_shipped_county_loads_with_its_levels_and_twice_changes_nothing(capsys):
    call_command("load_divisions")
    first = list(Division.objects.values_list("code", "name", "level", "parent_id"))
    call_command("load_divisions")
    assert list(Division.objects.values_list("code", "name", "level", "parent_id")) == first
    assert Division.objects.get(code="150902").level == "district"
    assert Division.objects.get(code="150902001").name == "新体路街道"
    assert Division.objects.get(code="150902001001").parent_id == "150902001"
    assert not Division.objects.filter(code__in=["15", "1509"]).exists()


def test_any_county_of_that_shape_loads(tmp_path):
    file = tmp_path / "county.csv"
    file.write_text("code,name,level,parent\n110101,东城区,county,1101\n110101001,东华门街道,town,110101\n")
    call_command("load_divisions", str(file))
    assert Division.objects.get(code="110101001").parent_id == "110101"


@pytest.mark.parametrize(
    ("text", "words"),
    [("code,name\n11010a,东城区\n", "no number"), ("code,name\n110101,\n", "name missing"), ("x\n1\n", "missing")],
)
def test_a_bad_file_names_the_line_and_loads_nothing(tmp_path, text, words):
    file = tmp_path / "bad.csv"
    file.write_text(text)
    with pytest.raises(CommandError, match=words):
        call_command("load_divisions", str(file))
    assert not Division.objects.exists()


def test_a_code_must_begin_with_its_parents(district):
    with pytest.raises(IntegrityError, match="begins_with_its_parents"), transaction.atomic():
        Division.objects.create(code="150903001", name="x", level="street", parent=district)
