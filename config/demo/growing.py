"""What is kept of growing up: needs, wishes, hardships, notes, earlier classes; and who is not yet moved up a grade."""

import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from children import caring, consenting
from children.grades import NEXT_GRADE
from children.models import Child, Consent, GrowthNote, Hardship, SchoolPeriod
from config.demo.days import days

NEED_NOTES = ["数学跟不上，晚上没人辅导", "不爱说话，想找人聊聊", "", "放学要过一条大路", ""]
WISHES = [
    "想和爸爸妈妈视频聊天",
    "想要一套彩色画笔",
    "想学打乒乓球",
    "希望过年全家团圆",
    "想要一本故事书",
    "想去看大海",
]
NOTES = [
    ("award", "运动会五十米跑第二名", "跑完高兴得直跳，奖状贴在了床头。"),
    ("experience", "第一次去区图书馆", "借了两本科普书，回来路上一直在讲恐龙。"),
    ("growth", "敢举手发言了", "班主任说这学期上课主动举手，和同桌也玩得好。"),
    ("experience", "和妈妈视频过生日", "在儿童之家吹了蜡烛，妈妈在那头一起唱歌。"),
    ("award", "书法作品在社区展出", ""),
]
PREVIOUS = {after: before for before, after in NEXT_GRADE.items()}


def keep(place, community, worker, story_days, invented):
    children = list(Child.objects.filter(community=community).order_by("pk"))
    for number, child in enumerate(children):
        _keep_one(number, child, place, worker, story_days, invented)
    _last_year(children, place, story_days, late=place.worker == "director")


def _keep_one(number, child, place, worker, story_days, invented):
    chance = invented.chance
    for topic in invented.some(Child.Topic.values, 2):
        caring.note_need(child, topic, note=chance.choice(NEED_NOTES), by=worker)
    if place.files_complete:
        caring.asked_about_needs(child, by=worker)
    if chance.random() < 0.6:
        wish = caring.note_wish(child, chance.choice(WISHES), by=worker)
        if number % 4 == 1:
            wish.fulfil(whom="爱心企业示例超市", by=worker)
    if number % 8 == 3:
        kind = chance.choice([Hardship.Kind.LOW_INCOME, Hardship.Kind.ONE_PARENT, Hardship.Kind.UNATTENDED])
        caring.note_hardship(child, kind, since=child.registered_on, by=worker)
    if number % 3 == 0:
        kind, title, text = NOTES[number // 3 % len(NOTES)]
        day = max(child.registered_on, story_days.today - days(12 + number))
        note = GrowthNote(child=child, kind=kind, day=day, title=title, text=text)
        caring.write_note(note, picture=_picture(number) if _agreed(child) else None, by=worker)
    if place.files_complete and _agreed(child):
        consenting.set_photo(child, _picture(number), by=worker)


def _agreed(child):
    return child.consents.in_force().filter(purpose=Consent.Purpose.PHOTO).exists()


def _last_year(children, place, story_days, late):
    """The class of last school year of those registered then. Where it is `late`, a few wait to be moved up."""
    start = dt.date(story_days.grade_year, 9, 1)
    older = [c for c in children if c.registered_on < start and c.grade in PREVIOUS and PREVIOUS[c.grade] != "G12"]
    for number, child in enumerate(older):
        before = PREVIOUS[child.grade]
        school = {"K3": place.kindergarten, "G6": place.primary, "G9": place.junior}.get(before, child.school)
        if late and number % 6 == 2:
            Child.objects.filter(pk=child.pk).update(grade=before, school=school, school_since=None)
        else:
            SchoolPeriod.objects.create(
                child=child,
                school=school,
                grade=before,
                class_teacher=child.class_teacher if school == child.school else "",
                until=start - days(1),
            )


def _picture(number):
    """A drawing of a sun over a hill, in a colour of its own: nobody is to be seen."""
    image = Image.new("RGB", (96, 96), f"hsl({number * 37 % 360}, 60%, 85%)")
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 18, 62, 50), fill="#f2a33a")
    draw.pieslice((-20, 56, 116, 160), 180, 360, fill="#6a9c59")
    stream = io.BytesIO()
    image.save(stream, "JPEG")
    return SimpleUploadedFile("drawing.jpg", stream.getvalue(), "image/jpeg")
