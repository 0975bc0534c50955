"""Guardianship letters, contact with parents and cards of each community: in force, ending, lapsed, not signed."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from children.models import Child
from config.demo.days import days
from config.demo.places import PLACES
from guardianship import issuing, signing
from guardianship.contacting import note_contact
from guardianship.models import Card, FamilyContact

# One letter a line: signed so many days ago, and how many days from today it ends.
TERMS = [(80, 285), (75, 285), (60, 20), (400, -30), (70, 285), (20, 285)]
NEW = (0, 365)
UNABLE = 4  # the caregiver of this letter has fallen ill since
HEARD = ["我愿意跟奶奶一起住，想每周跟爸妈视频。", "我想爸爸妈妈早点回来，跟家里老人住我放心。"]
CARDED = 9


def entrust(divisions, people, story_days, invented):
    for place in PLACES:
        community, worker = divisions[place.code], people[place.worker]
        left_behind = Child.objects.filter(community=community, left_on=None).left_behind_on(story_days.today)
        cared_for = left_behind.filter(kinships__is_caregiver=True).order_by("pk")
        entrusted = [child for child in cared_for if not _parent_cares(child)]
        settled = [child for child in entrusted if child.registered_on <= story_days.today - days(100)]
        if place.files_complete:
            for number, child in enumerate(entrusted, len(TERMS)):
                term = TERMS[0] if child in settled else NEW
                _sign(child, number, term, worker, story_days.today)
        else:
            for number, (child, term) in enumerate(zip(settled, TERMS, strict=False)):
                _sign(child, number, term, worker, story_days.today)
            for child in settled[len(TERMS) : len(TERMS) + 1]:
                signing.prepare(child, by=worker)
        _issue(settled[: len(TERMS) + 1], worker, story_days.today, invented)


def _parent_cares(child):
    return child.kinships.filter(is_caregiver=True, relation__in=("father", "mother")).exists()


def _sign(child, number, term, worker, today):
    signed, ends = term
    first = today - days(signed)
    letter = signing.prepare(child, by=worker)
    answers = {
        **signing.PASSED,
        "starts_on": first,
        "ends_on": today + days(ends),
        "opinion": HEARD[number % len(HEARD)],
        "opinion_how": "在家中单独与孩子交谈，看孩子与老人相处是否自然。",
        "opinion_on": first,
        "school_told_on": first,
        "school_told": "班主任，书面送达",
        "committee_told_on": first,
        "committee_told": "社区居委会，书面送达",
        "promises_contact": True,
    }
    for name, value in answers.items():
        setattr(letter, name, value)
    signing.fill_in(letter, list(answers), by=worker)
    if ends < 0:
        letter.ends_on = today + days(30)  # a letter is signed while its term runs
        letter.save(update_fields=["ends_on"])
    parties = [*letter.parents, "caregiver"]
    signing.sign(
        letter,
        days=dict.fromkeys(parties, first),
        pictures={"caregiver": _signature(number)},
        witness=worker.name,
        by=worker,
    )
    if ends < 0:
        letter.ends_on = today + days(ends)
        letter.save(update_fields=["ends_on"])
    if number == UNABLE:
        letter.caregiver.unable_since, letter.caregiver.unable_reason = today - days(12), "住院治疗"
        letter.caregiver.save(update_fields=["unable_since", "unable_reason"])
    _keep_in_touch(child, number, worker, today)


def _keep_in_touch(child, number, worker, today):
    for week in range(3):
        if number != 1:  # there the parents have been silent
            how = FamilyContact.How.VIDEO if week else FamilyContact.How.CALL
            note_contact(
                child,
                made_on=today - days(2 + 7 * week + number),
                who="both",
                how=how,
                minutes=10 + 5 * week,
                by=worker,
            )


def _issue(children, worker, today, invented):
    cards = issuing.issue(children[:CARDED], Card.Kind.values, by=worker)
    for card in cards[: len(cards) // 2]:
        issuing.hand_over(card, on=today, to="照护人", by=worker)
    parent = children[0].kinships.filter(relation="father").select_related("adult").first()
    if parent:  # his number has changed since
        parent.adult.phone = invented.phone()
        parent.adult.save()


def _signature(number):
    """A line that somebody may have written."""
    image = Image.new("RGB", (240, 90), "#fffdf8")
    draw = ImageDraw.Draw(image)
    points = [(20 + 20 * step, 45 + (-1) ** step * (10 + 3 * ((step + number) % 5))) for step in range(11)]
    draw.line(points, fill="#1c2a4a", width=4)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=70)
    return SimpleUploadedFile("signature.jpg", file.getvalue(), "image/jpeg")
