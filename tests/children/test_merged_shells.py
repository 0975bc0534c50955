"""A file merged into another is still about the same child: it goes where that one goes and is erased with it."""

import datetime as dt
import json

import pytest

from children import erasing, moving, transfer
from children.guardian_copy import LEFT_OUT, copy_of
from children.merging import merge
from children.models import Adult, Child, Household, Likeness
from tests.children.factories import a_child, an_adult, kin, offered
from tests.children.pages import copied, filled
from tests.children.test_rights import everywhere
from tests.conftest import freshly_signed_in

BORN = dt.date(2016, 5, 1)


@pytest.fixture
def merged(community, director):
    """(the file kept, the shell that leads to it)"""
    kept = a_child(community, name="陈小雨", birth_date=BORN)
    gone = a_child(community, name="陈小羽未删", birth_date=BORN, remark="未删的备注")
    an_adult(kept, "father", name="陈建国")
    an_adult(gone, "mother", name="李未删", cares=True)
    gone.household.address = "恩和路未删号"
    gone.household.save()
    merge(kept, gone, by=director)
    return Child.objects.get(pk=kept.pk), Child.objects.get(pk=gone.pk)


def test_a_shell_goes_with_the_file_it_leads_to(merged, director, stranger, far_community):
    kept, shell = merged
    transfer.accept(offered([kept], far_community, by=director), by=stranger)
    assert set(Child.objects.values_list("community", flat=True)) == {far_community.pk}
    assert moving.misplaced() == {}
    assert not Child.objects.visible_to(director).exists()
    assert set(Child.objects.visible_to(stranger)) == {kept, shell}


def test_a_shell_goes_though_its_brothers_stay(community, far_community, director, stranger):
    kept, gone = (a_child(community, name="陈小雨", birth_date=BORN) for _ in range(2))
    brother = a_child(community, gone.household, name="陈小弟")
    kin(brother, an_adult(gone, "mother", name="李红", phone="16100000001"), "mother")
    merge(kept, gone, by=director)
    transfer.accept(offered([Child.objects.get(pk=kept.pk)], far_community, by=director), by=stranger)
    assert list(Child.objects.visible_to(director)) == [brother]
    assert set(Child.objects.visible_to(stranger)) == {kept, gone}
    assert moving.misplaced() == {}
    assert list(Adult.objects.visible_to(director).values_list("name", "kinships__child")) == [("李红", brother.pk)]
    assert list(Adult.objects.visible_to(stranger).values_list("name", "kinships__child")) == [("李红", kept.pk)]
    brother.household.refresh_from_db()
    assert brother.household.community_id == community.pk


def test_a_shell_is_erased_with_the_file_it_leads_to(merged, director, supervisor):
    kept, shell = merged
    erasing.erase(erasing.ask(kept, ground="guardian", by=director), by=supervisor)
    assert everywhere("未删") == []
    assert everywhere("陈") == []
    shell.refresh_from_db()
    assert (shell.left_reason, shell.merged_into_id) == ("merged", kept.pk)


def test_the_copy_holds_what_stands_in_the_shell(merged):
    kept, _shell = merged
    assert "未删的备注" in json.dumps(copy_of(kept), ensure_ascii=False)
    assert [row["name"] for row in copy_of(kept)["children.child"]] == ["陈小雨", "陈小羽未删"]


def test_nothing_staff_see_tells_of_a_file_elsewhere(community, far_community, director, signed_in):
    mine = a_child(community, name="陈小雨", birth_date=BORN)
    Likeness.objects.create(first=mine, second=a_child(far_community, birth_date=BORN), why="family")
    web = freshly_signed_in(signed_in(director))
    data, _pictures = copied(web.get(f"/children/{mine.pk}/copy.zip"))
    assert data["children.likeness"] == LEFT_OUT
    told = {str(words) for words, _count in moving.outlook([mine], far_community).staying}
    assert str(Likeness._meta.verbose_name_plural) not in told
    sheet = web.get(f"/papers/file_summary/{mine.pk}/").content.decode()
    assert str(Likeness._meta.verbose_name_plural) not in sheet


def test_what_is_typed_on_an_old_page_of_a_merged_file_is_not_lost_in_it(merged, director, signed_in):
    """The page was open in another tab while the two files were merged."""
    kept, shell = merged
    web = freshly_signed_in(signed_in(director))
    sent = {
        "need/": {"topic": "life", "note": "想妈妈"},
        "wish/": {"text": "想要画笔"},
        "consent/": {"purpose": "photo", "given_by": "李红", "given_on": "2026-01-01"},
        "school/": {"child-what": "corrected", "child-school": "实验小学"},
        "leave/": {"on": "2026-01-01", "reason": "moved_out"},
    }
    for page, data in sent.items():
        answer = web.post(f"/children/{shell.pk}/{page}", data, follow=True)
        assert answer.redirect_chain == [(f"/children/{kept.pk}/", 302)], page
        assert "This file was merged into another one. Go on in that file." in answer.content.decode(), page
    assert not shell.needs.exists() and not shell.wishes.exists() and not shell.consents.exists()
    assert web.get(f"/children/{shell.pk}/").status_code == 200
    assert web.get(f"/children/{shell.pk}/concern/").status_code == 200
    assert web.post(f"/children/{shell.pk}/reveal/").status_code == 200


def test_an_old_form_of_a_household_whose_files_were_all_merged_leads_to_the_file_kept(community, director, signed_in):
    kept, gone = (a_child(community, name=name, birth_date=BORN) for name in ("陈小雨", "陈小羽"))
    an_adult(gone, "mother", name="李红", cares=True)
    web = freshly_signed_in(signed_in(director))
    address = f"/children/household/{gone.household_id}/"
    sent = filled(web.get(address), **{"home-address": "恩和路9号"})
    merge(kept, gone, by=director)
    answer = web.post(address, sent, follow=True)
    assert answer.redirect_chain == [(f"/children/{kept.pk}/", 302)]
    assert "The files of this household were merged into others. Go on there." in answer.content.decode()
    assert not Household.objects.exclude(address="").exists()
    assert web.get(f"/children/household/{kept.household_id}/").status_code == 200
