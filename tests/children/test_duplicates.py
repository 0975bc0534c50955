import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from children import import_undo, imports
from children.alike import sound_alike
from children.duplicates import pairs_to_review
from children.models import Child, Household, Likeness
from records import measures
from records.measures import Period
from records.scoping import Scope
from tests.children.factories import a_child, an_adult, id_number
from tests.children.pages import filled, soup, words
from tests.children.test_household_form import AWAY, BORN, CHILD, NEW
from tests.imports.factories import CHEN, read, row, somebody

LIKELY = "/children/likely/"


@pytest.fixture
def client(director, signed_in):
    return signed_in(director)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("陈小雨", "陈小宇", True),
        ("张宁", "章林", True),
        ("单小雨", "山小雨", True),
        ("单小雨", "丹小雨", True),
        ("曾思远", "增师远", True),
        ("朱丽", "组妮", True),
        ("陈小雨", "陈小红", False),
        ("陈小雨", "陈雨", False),
        ("", "陈", False),
    ],
)
def test_names_that_sound_alike(one, other, alike):
    assert sound_alike(one, other) is sound_alike(other, one) is alike


@pytest.mark.parametrize(
    ("on_file", "typed", "why"),
    [
        ({"name": "别名", "id_number": id_number(BORN)}, CHILD, "same ID number"),
        ({}, {**CHILD, **AWAY}, "the same phone in the family"),
        ({"name": "陈晓雨"}, CHILD, "a name that sounds alike and the same birth date"),
        ({}, {"newchild0-name": "陈小雨", "newchild0-birth_date": "2016-05-01"}, "same name and same birth date"),
    ],
)
def test_a_likely_double_is_named_while_typing(client, community, on_file, typed, why):
    mine = a_child(community, **{"birth_date": BORN, **on_file})
    an_adult(mine, "father", name="陈建军", phone="16100000001")
    page = client.post(LIKELY, filled(client.get(NEW), **typed))
    assert why in page.content.decode()
    assert mine.number in page.content.decode()
    assert f"/children/{mine.pk}/" in page.content.decode()


DAY, MONTH = dt.date(2015, 3, 16), {"birth_date": dt.date(2015, 3, 1), "birth_precision": "month"}
TYPED_DAY = {"newchild0-name": "陈小雨", "newchild0-birth_date": str(DAY), "newchild0-sex": "F"}
TYPED_MONTH = {**TYPED_DAY, "newchild0-birth_date": "2015-03-01", "newchild0-birth_precision": "month"}


@pytest.mark.parametrize(
    ("on_file", "typed", "found"),
    [
        (MONTH, TYPED_DAY, True),
        ({"birth_date": DAY}, TYPED_MONTH, True),
        (MONTH, TYPED_MONTH, True),
        (MONTH | {"name": "陈晓雨"}, TYPED_DAY, True),
        (MONTH, TYPED_DAY | {"newchild0-birth_date": "2015-04-01"}, False),
        (MONTH, TYPED_DAY | {"newchild0-birth_date": "2014-03-16"}, False),
        ({"birth_date": dt.date(2015, 3, 1)}, TYPED_DAY, False),
        ({"birth_date": dt.date(2015, 4, 1)}, TYPED_MONTH, False),
        ({"birth_date": dt.date(2015, 2, 28)}, TYPED_MONTH, False),
    ],
)
def test_a_birth_date_known_to_the_month_agrees_with_each_of_its_days(
    client, director, community, on_file, typed, found
):
    mine = a_child(community, **on_file)
    an_adult(mine, "father", name="陈建国", phone="16100000002")
    sent = filled(client.get(NEW), **typed, **AWAY)
    assert (mine.number in client.post(LIKELY, sent).content.decode()) is found
    answer = client.post(NEW, {**sent, "all_the_same": "1"} if found else sent)
    assert answer.status_code == 302
    new = Child.objects.latest("pk")
    Likeness.objects.all().delete()
    assert [pair[:2] for pair in pairs_to_review(director)] == ([(mine, new)] if found else [])


@pytest.mark.parametrize(("on_file", "typed"), [(MONTH, TYPED_DAY), ({"birth_date": DAY}, TYPED_MONTH)])
def test_a_birth_date_known_to_the_month_makes_the_request_of_another_scope(client, sister_community, on_file, typed):
    theirs = a_child(sister_community, **on_file)
    an_adult(theirs, "father", name="陈建国")
    client.post(NEW, filled(client.get(NEW), **typed, **AWAY))
    likeness = Likeness.objects.get()
    assert (likeness.first, likeness.second, likeness.why) == (theirs, Child.objects.latest("pk"), "family")


def test_a_birth_date_of_another_month_is_no_question_elsewhere(client, sister_community):
    an_adult(a_child(sister_community, **MONTH), "father", name="陈建国")
    client.post(NEW, filled(client.get(NEW), **TYPED_DAY | {"newchild0-birth_date": "2015-04-16"}, **AWAY))
    assert Child.objects.count() == 2
    assert not Likeness.objects.exists()


def test_half_a_form_and_junk_ask_for_nothing(client, community):
    a_child(community, birth_date=BORN)
    for typed in (
        {"newchild0-name": "陈小雨"},
        {"newchild0-name": "陈小雨", "newchild0-birth_date": "0000-00-00"},
        {"newchild0-name": "", "newchild0-birth_date": "2016-05-01"},
        {"newchild0-name": "陈小雨\u202e", "newchild0-id_number": "1" * 400},
        {"new_children": "x"},
    ):
        page = client.post(LIKELY, {"new_children": "1", "new_adults": "1", **typed})
        assert (page.status_code, page.content.strip()) == (200, b"")
    assert client.get(LIKELY).status_code == 405
    assert client.post(LIKELY, {"household": "junk"}).status_code == 404


def test_a_twin_is_said_once_and_never_asked_again(client, director, community):
    mine = a_child(community, birth_date=BORN)
    page = client.post(NEW, filled(client.get(NEW), **CHILD))
    assert "Perhaps already on file" in words(page)
    sent = {**filled(page), "not_same": str(mine.pk)}
    assert client.post(LIKELY, sent).content.strip() == b""
    assert client.post(NEW, sent).status_code == 302
    new = Child.objects.latest("pk")
    likeness = Likeness.objects.get()
    assert (likeness.first, likeness.second, likeness.status) == (mine, new, Likeness.Status.DIFFERENT)
    assert pairs_to_review(director) == []


def test_a_page_without_scripts_keeps_the_answers(client, community):
    mine, other = a_child(community, birth_date=BORN), a_child(community, name="陈晓雨", birth_date=BORN)
    page = client.post(NEW, filled(client.get(NEW), **CHILD))
    page = client.post(NEW, {**filled(page), "not_same": str(mine.pk)})
    assert [b["value"] for b in soup(page).select("button[name=not_same]")] == [str(other.pk)]
    assert [i["value"] for i in soup(page).select("input[name=not_same]")] == [str(mine.pk)]


# Another community ----------------------------------------------------------------------------------------------------


def scrubbed(page):
    text = page.content.decode()
    for tag in soup(page).select("input[name=once_token], input[name=csrfmiddlewaretoken]"):
        text = text.replace(tag["value"], "")
    return text


@pytest.mark.parametrize("same", ["id", "family"])
def test_a_child_of_another_scope_is_registered_as_if_it_were_new(
    client, supervisor, signed_in, director, community, sister_community, same
):
    facts = {"id_number": id_number(BORN)} if same == "id" else {}
    theirs = a_child(sister_community, birth_date=BORN, **facts)
    an_adult(theirs, "father", name="陈建国")
    typed = {**CHILD, **AWAY, **({} if same == "id" else {"newchild0-id_number": "", "newchild0-sex": "F",
             "newchild0-birth_date": str(BORN)})}  # fmt: skip
    sent = filled(client.get(NEW), **typed)
    assert client.post(LIKELY, sent).content.strip() == b""
    answer = client.post(NEW, sent, follow=True)
    mine = Child.objects.get(community=community)
    assert answer.redirect_chain == [(f"/children/{mine.pk}/?tab=family", 302)]
    assert theirs.number not in answer.content.decode()
    likeness = Likeness.objects.get()
    assert (likeness.first, likeness.second, likeness.status) == (theirs, mine, Likeness.Status.ASKED)
    assert not Likeness.objects.visible_to(director).exists()
    assert theirs.number not in client.get(f"/children/{mine.pk}/?tab=history").content.decode()
    assert client.get("/children/same-child/").status_code == 404
    page = signed_in(supervisor).get("/children/same-child/")
    assert theirs.number in words(page) and mine.number in words(page)


def test_the_queries_do_not_tell_either(client, community, far_community):
    """The only further statements are those that write the question down."""
    counts = []
    for n in range(2):
        child = {"newchild0-name": f"陈{n}", "newchild0-id_number": id_number(BORN, sequence=990 + 2 * n)}
        if n:
            a_child(far_community, name="外人", birth_date=BORN, id_number=child["newchild0-id_number"])
        sent = filled(client.get(NEW), **child)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.post(NEW, sent).status_code == 302
        counts.append(len(seen))
    assert Likeness.objects.count() == 1
    assert counts[1] - counts[0] <= 6


def test_across_two_streets_each_office_sees_its_own_side(
    client, supervisor, make_user, signed_in, community, far_community, far_street
):
    theirs = a_child(far_community, birth_date=BORN, id_number=id_number(BORN))
    client.post(NEW, filled(client.get(NEW), **CHILD))
    mine = Child.objects.get(community=community)
    office = make_user("street_officer", far_street, "far-officer")
    for user, own, other, name in ((supervisor, mine, theirs, "桥东街道"), (office, theirs, mine, "新体路街道")):
        page = signed_in(user).get("/children/same-child/")
        assert own.number in words(page)
        assert other.number not in page.content.decode()
        assert name in words(page)
        assert str(other.community) not in words(page)
    likeness = Likeness.objects.get()
    settle = f"/children/same-child/{likeness.pk}/settle/"
    assert signed_in(office).post(settle, {"answer": "close"}).status_code == 404, "the newer file is not theirs"
    assert Likeness.objects.asked().count() == 1
    assert signed_in(supervisor).post(settle, {"answer": "close"}).status_code == 302
    mine.refresh_from_db(), theirs.refresh_from_db(), likeness.refresh_from_db()
    assert (mine.left_reason, theirs.left_on, likeness.status) == ("mistake", None, "same")


def test_not_the_same_child_is_remembered(client, supervisor, signed_in, community, far_community):
    a_child(far_community, birth_date=BORN, id_number=id_number(BORN))
    client.post(NEW, filled(client.get(NEW), **CHILD))
    gap = measures.get("likenesses_to_settle")
    today, scope = Period.day(timezone.localdate()), Scope.of("150902001")
    assert (gap.count(scope, today), gap.count(Scope.of("150902002"), today)) == (1, 1)
    assert gap.count(Scope.of("150902003"), today) == 0
    likeness = Likeness.objects.get()
    web = signed_in(supervisor)
    assert web.post(f"/children/same-child/{likeness.pk}/settle/", {"answer": "different"}).status_code == 302
    assert "Nothing to settle" in words(web.get("/children/same-child/"))
    assert gap.count(scope, today) == 0
    again = web.post(f"/children/same-child/{likeness.pk}/settle/", {"answer": "different"}, follow=True)
    assert "cannot become" in again.content.decode()


def test_a_closed_file_elsewhere_is_no_question(client, community, far_community):
    a_child(far_community, birth_date=BORN, id_number=id_number(BORN), left_on=timezone.localdate(),
            left_reason="moved_out")  # fmt: skip
    client.post(NEW, filled(client.get(NEW), **CHILD))
    assert not Likeness.objects.exists()


def test_a_roster_asks_too(director, community, far_community):
    theirs = a_child(far_community, name="外人", birth_date=dt.date(2015, 3, 16), id_number=CHEN["身份证号码"])
    batch = imports.confirm(read(community, row(), somebody(1), by=director), by=director)
    likeness = Likeness.objects.get()
    assert (likeness.first, likeness.second.name, likeness.status) == (theirs, "陈小雨", "asked")
    assert batch.counts["added"] == 2
    assert not Likeness.objects.visible_to(director).exists()


def edit_the_file(client, mine, **typed):
    address = f"/children/{mine.pk}/edit/"
    return client.post(address, filled(client.get(address), **{f"child-{name}": text for name, text in typed.items()}))


def edit_the_household(client, mine, **typed):
    address = f"/children/household/{mine.household_id}/"
    sent = filled(client.get(address), **{f"child{mine.pk}-{name}": text for name, text in typed.items()})
    return client.post(address, sent)


@pytest.mark.parametrize("edit", [edit_the_file, edit_the_household])
@pytest.mark.parametrize("before", ["", id_number(BORN, sequence=994)])
def test_an_id_number_added_or_changed_later_asks_too(client, director, community, far_community, edit, before):
    theirs = a_child(far_community, name="外人", birth_date=BORN, id_number=id_number(BORN))
    mine = a_child(community, birth_date=BORN, id_number=before)
    edit(client, mine, name="陈小雪")
    assert not Likeness.objects.exists()
    answer = edit(client, mine, id_number=id_number(BORN))
    assert answer.status_code == 302
    likeness = Likeness.objects.get()
    assert (likeness.first, likeness.second, likeness.why) == (theirs, mine, "id_number")
    assert not Likeness.objects.visible_to(director).exists()
    assert theirs.number not in client.get(answer.url).content.decode()


def test_an_id_number_that_a_roster_adds_asks_too_and_goes_with_it(director, community, far_community):
    theirs = a_child(far_community, name="外人", birth_date=dt.date(2015, 3, 16), id_number=CHEN["身份证号码"])
    imports.confirm(read(community, row(身份证号码="", 出生年月="2015-03-16", 性别="女"), by=director), by=director)
    assert not Likeness.objects.exists()
    batch = imports.confirm(read(community, row(), by=director), by=director)
    mine = Child.objects.get(community=community)
    assert Likeness.objects.values_list("first", "second", "why").get() == (theirs.pk, mine.pk, "id_number")
    import_undo.undo(batch, by=director)
    assert not Likeness.objects.exists()


@pytest.mark.parametrize(
    ("on_file", "asked"),
    [
        ({"name": "陈晓雨"}, True),
        ({"name": "陈小雨"}, True),
        ({"name": "沈晓雨"}, False),
        ({"name": "陈小红"}, False),
        ({"name": "陈晓雨", "birth_date": BORN + dt.timedelta(days=1)}, False),
        ({"name": "陈晓雨", "birth_precision": "month"}, False),
    ],
)
def test_a_name_that_sounds_alike_is_asked_about_within_the_street(
    client, community, sister_community, far_community, on_file, asked
):
    theirs = a_child(sister_community, **{"birth_date": BORN, **on_file})
    a_child(far_community, **{"birth_date": BORN, **on_file})
    client.post(NEW, filled(client.get(NEW), **CHILD))
    mine = Child.objects.get(community=community)
    expected = [(theirs.pk, mine.pk, "sound")] if asked else []
    assert list(Likeness.objects.values_list("first", "second", "why")) == expected


# The review list ------------------------------------------------------------------------------------------------------


def test_the_review_lists_pairs_of_the_own_scope(director, supervisor, community, sister_community, far_community):
    a, b = (a_child(community, name=name, birth_date=BORN) for name in ("张宁", "章林"))
    c = a_child(sister_community, name="张宁", birth_date=BORN)
    for name, born in (("张宁", BORN + dt.timedelta(days=1)), ("张红", BORN)):
        a_child(community, name=name, birth_date=born)
    a_child(far_community, name="张宁", birth_date=BORN)
    a_child(community, name="张宁", birth_date=BORN, left_on=timezone.localdate(), left_reason="moved_out")
    assert {(x, y) for x, y, _why in pairs_to_review(director)} == {(a, b)}
    assert {(x, y) for x, y, _why in pairs_to_review(supervisor)} == {(a, b), (a, c), (b, c)}
    Likeness.note_different(b, a, by=director)
    assert pairs_to_review(director) == []
    assert Likeness.note_different(a, b, by=director) == Likeness.objects.get()


def test_the_review_costs_the_same_for_one_pair_and_for_three(client, community):
    def pair(n):
        for name in ("王小明", "王晓明"):
            an_adult(a_child(community, name=name, birth_date=BORN + dt.timedelta(days=n)), "father")

    pair(0)
    client.get("/children/duplicates/")
    with CaptureQueriesContext(connection) as one:
        assert "sounds alike" in words(client.get("/children/duplicates/"))
    pair(1), pair(2)
    with CaptureQueriesContext(connection) as three:
        client.get("/children/duplicates/")
    assert len(one) == len(three)


def test_only_those_who_may_change_children_see_the_review(signed_in, federation, counsellor, administrator, stranger,
                                                           community):  # fmt: skip
    a, b = a_child(community, birth_date=BORN), a_child(community, birth_date=BORN)
    for user in (federation, counsellor, administrator):
        assert signed_in(user).get("/children/duplicates/").status_code == 404
    web = signed_in(stranger)
    assert "No likely duplicates" in words(web.get("/children/duplicates/"))
    for address in (f"/children/{a.pk}/compare/{b.pk}/", f"/children/{a.pk}/compare/{b.pk}/different/"):
        assert web.post(address).status_code == 404
    assert Household.objects.count() == 2
