"""Activities, schemes, meetings and gifts of a street of 200 communities, at 500 sessions a year and at 50,000."""

from django.urls import reverse

from bench.turns import asks_of
from bench.year import fill_year

DECISIONS = reverse("meetings:decisions")
LIST, CALENDAR, SCHOOL, ATTENDANCE = (
    reverse(f"activities:{name}") for name in ("list", "calendar", "parent_school", "attendance")
)
WISHES = reverse("gifts:wishes")
PLACES = [("community", "worker"), ("street", "street")]


class Question:
    """`who` opens `address`, and sees `sees` there so often at least."""

    against = None

    def __init__(self, words, who, address, sees, times=20):
        self.words, self.who, self.address, self.sees, self.times = words, who, address, sees.encode(), times

    def ask(self, world):
        answer = world.client(getattr(world, self.who)).get(self.address.format(world=world))
        found = answer.content.count(self.sees)
        assert (answer.status_code, found >= self.times) == (200, True), (self.words, answer.status_code, found)
        return answer


def _of_places(words, address, sees, times=20):
    return [Question(f"{words}, {place}", who, address, sees, times) for place, who in PLACES]


SESSION, ACTIVITY = "/activities/session/", "社区活动"
QUESTIONS = [
    *_of_places("coming activities", LIST, ACTIVITY, 15),
    *_of_places("past activities", LIST + "?when=past", ACTIVITY),
    *_of_places("coming of a kind", LIST + "?kind=club", ACTIVITY, 3),
    *_of_places("past of a kind", LIST + "?kind=club&when=past", ACTIVITY, 7),
    Question("coming of one community", "street", LIST + "?community={world.community}", ACTIVITY, 15),
    Question("activities by a word", "street", LIST + "?when=past&q={world.rare_word}", ACTIVITY, 1),
    *_of_places("past activities, page 2", LIST + "?when=past&page=2", ACTIVITY, 10),
    *_of_places("month", CALENDAR, SESSION),
    *_of_places("month of a kind", CALENDAR + "?kind=club", SESSION, 4),
    Question("month of one community", "street", CALENDAR + "?community={world.community}", SESSION),
    Question("month by venue", "worker", CALENDAR + "?venue={world.venue}", SESSION, 1),
    *_of_places("month of a Home", CALENDAR + "?home={world.home}", SESSION, 4),
    Question("a Home with its activities", "worker", "/homes/{world.home}/", SESSION, 1),
    *_of_places("still to do", reverse("activities:todo"), SESSION),
    *_of_places("attendance", ATTENDANCE, SESSION),
    *_of_places("attendance of a kind", ATTENDANCE + "?kind=club", SESSION, 4),
    *_of_places("attendance of a year", ATTENDANCE + "?since={world.year_ago}", SESSION),
    *_of_places("day", reverse("activities:day") + "?day={world.saturday}", SESSION, 2),
    *_of_places("publicity", reverse("activities:publicity"), "宣传"),
    *_of_places("children's groups", reverse("activities:groups"), "小队", 5),
    *_of_places("schemes", reverse("activities:schemes"), "/activities/schemes/", 10),
    *_of_places("parent school", SCHOOL, "王秀英", 10),
    *_of_places("parent school, never came", SCHOOL + "?which=never", "王秀英", 10),
    *_of_places("parent school, one theme", SCHOOL + "?theme=moral", "王秀英", 10),
    *_of_places("meetings", reverse("meetings:list"), "研究会"),
    Question("open decisions of a community", "worker", DECISIONS, "落实"),
    Question("open decisions, one of a street", "street", DECISIONS + "?community={world.community}", "落实"),
    *_of_places("stock", reverse("gifts:stock"), "书包"),
    *_of_places("stock, expiring", reverse("gifts:stock") + "?show=expiring", "书包", 2),
    *_of_places("ledger", reverse("gifts:ledger"), "书包"),
    *_of_places("ledger, written off", reverse("gifts:ledger") + "?kind=off", "书包"),
    *_of_places("gifts", reverse("gifts:gifts"), "/gifts/"),
    *_of_places("wishes under way", WISHES, "想要书包"),
    *_of_places("wishes on file", WISHES + "?show=open", "想要书包"),
    *_of_places("drives", reverse("gifts:drives"), "捐助", 6),
    *_of_places("givers", reverse("gifts:givers"), "热心人"),
    Question("givers by a word", "street", reverse("gifts:givers") + "?q=热心人7号", "热心人", 1),
]


def questions(sessions, word):
    return asks_of(QUESTIONS, word, fill_year(sessions))
