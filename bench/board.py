"""The board of the five ones and the lists of what is overdue, at 3,000 pairings and at 300,000.

Each is held against the naive question over the same rows: how many contacts has each pairing in the term, and is that
fewer than it owes? No stored state helps there; only the tables' own indexes.
"""

from django.db import connection
from django.urls import reverse

from bench.pairings import DUE_IN, fill_board
from bench.turns import asks_of

BOARD, DUTIES, PAIRINGS = (
    reverse("five_ones:board"),
    reverse("admin:volunteers_duty_changelist"),
    reverse("admin:volunteers_pairing_changelist"),
)
PAST = sum(days < -7 for days in DUE_IN)  # how many of the five are past their day in every pairing
NAIVE = """SELECT p.id, c.name, v.name, count(l.id)
           FROM volunteers_pairing p JOIN children_child c ON c.id = p.child_id
           JOIN volunteers_volunteer v ON v.id = p.volunteer_id
           LEFT JOIN volunteers_contactduty l ON l.pairing_id = p.id AND l.made_on BETWEEN %s AND %s
           WHERE p.status = 'active' AND p.district = '150902' AND {where}
           GROUP BY p.id, c.name, v.name HAVING count(l.id) {fewer} ORDER BY count(l.id), p.id LIMIT 50"""
OVERDUE, DUE, DONE = f"< {PAST}", "< 5", ">= 5"


class Question:
    """`who` opens `address`; beside it the naive question with its own conditions, where there is one."""

    def __init__(self, words, who, address, fewer="", where="true", *, term="now"):
        self.words, self.who, self.address = words, who, address
        self.fewer, self.where, self.term = fewer, where, term

    def ask(self, world):
        answer = world.client(getattr(world, self.who)).get(self.address.format(world=world))
        assert answer.status_code == 200, (self.words, answer.status_code)
        assert answer.content.count(b"<tr") > 1, f"{self.words}: no row was found"
        return answer

    @property
    def against(self):
        return ("naive", self.naive) if self.fewer else None

    def naive(self, world):
        term = getattr(world, self.term)
        places = {"worker": f"p.community_id = '{world.community}'"}
        places["street"] = f"p.community_id LIKE '{world.community[:9]}%%'"
        where = f"{places.get(self.who, 'true')} AND {self.where.format(world=world)}"
        with connection.cursor() as cursor:
            cursor.execute(NAIVE.format(where=where, fewer=self.fewer), [term.starts_on, term.ends_on])
            return cursor.fetchall()


PLACES = [("community", "worker"), ("street", "street"), ("district", "district")]
NAMED = "(c.name LIKE '%%{world.helper.name}%%' OR v.name LIKE '%%{world.helper.name}%%')"
QUESTIONS = [
    *[Question(f"overdue, {place}", who, BOARD + "?show=overdue", OVERDUE) for place, who in PLACES],
    Question("overdue for 14 days, district", "district", BOARD + "?show=late", OVERDUE),
    *[Question(f"still to do, {place}", who, BOARD + "?show=due", DUE) for place, who in PLACES],
    *[Question(f"nothing left, {place}", who, BOARD + "?show=done", DONE) for place, who in PLACES],
    *[
        Question(f"term before, undone, {place}", who, BOARD + "?term={world.before.pk}", DUE, term="before")
        for place, who in PLACES
    ],
    Question("term before, all, district", "district", BOARD + "?term={world.before.pk}&show=every"),
    Question("one kind of pairing, district", "district", BOARD + "?show=due&kind=loving_mother", DUE,
             "p.kind = 'loving_mother'"),
    Question("a street of the district", "district", BOARD + "?show=overdue&street={world.street_code}", OVERDUE,
             "p.community_id LIKE '{world.street_code}%%'"),
    Question("a team", "worker", BOARD + "?show=due&team={world.team.pk}", DUE,
             "v.id IN (SELECT volunteer_id FROM volunteers_teammember WHERE team_id = {world.team.pk})"),
    Question("a helper", "worker", BOARD + "?show=due&helper={world.helper.pk}", DUE, "v.id = {world.helper.pk}"),
    Question("a name, community", "worker", BOARD + "?show=due&q={world.helper.name}", DUE, NAMED),
    Question("a name, district", "district", BOARD + "?show=due&q={world.helper.name}", DUE, NAMED),
    *[Question(f"list of duties overdue, {place}", who, DUTIES + "?state=overdue", OVERDUE) for place, who in PLACES],
    *[Question(f"list of pairings overdue, {place}", who, PAIRINGS + "?owed=overdue", OVERDUE)
      for place, who in PLACES],
    *[Question(f"list of pairings, {place}", who, PAIRINGS) for place, who in PLACES],
]  # fmt: skip


def questions(pairings, word):
    return asks_of(QUESTIONS, word, fill_board(pairings))


def print_table(sizes, results):
    """`reads`: the statements of the page alone. `naive`: the naive question; and how often it costs reads and page."""
    head = "".join(f"{size:>12,}" for size in sizes)
    print(f"{'':36}{head}{'queries':>9}{'growth':>8}{'reads':>10}{'growth':>8}{'naive':>11}{'by reads':>10}{'page':>7}")
    for words, last in results[-1].items():
        few, costs = results[0][words], [figures[words]["ms"] for figures in results]
        line = f"{words:36}" + "".join(f"{ms:>10.1f}ms" for ms in costs)
        line += f"{last['queries']:>9}{costs[-1] / costs[0]:>8.2f}"
        line += f"{last['reads']:>8.1f}ms{last['reads'] / few['reads']:>8.2f}"
        if naive := last.get("naive"):
            line += f"{naive:>9.1f}ms{naive / last['reads']:>10.1f}{naive / last['ms']:>7.1f}"
        print(line)
