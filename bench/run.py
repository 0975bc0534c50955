"""Does a page cost at many children what it costs at few? ./dev bench [--only PART] [--question WORD]

Each size gets a database and a process of its own, and they are asked in turns; the figures are medians in
milliseconds, and `growth`, large by small, is the one to watch: figures differ from machine to machine, ratios hardly.
A roster taken in, a register and rosters written are held against a generic library in the same run.
"""

import argparse
import json
import os
import subprocess
import sys

BY_PAGES = {
    "pages": [10_000, 1_000_000],
    "board": [3_000, 300_000],
    "activities": [500, 50_000],
    "reports": [4, 200],  # communities
    "homes": [6, 600],
}  # what is asked, of how many
BY_ROWS = {  # what is done, to how many rows, and how many the library is given
    "import": ("a roster taken in", 20_000, 1_000),
    "export": ("a register written", 50_000, 5_000),
    "roster": ("accepted rosters written", 50_000, 5_000),
}


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", type=int, help="numbers of what the part asks of: children, Homes, …")
    parser.add_argument("--only", choices=[*BY_PAGES, *BY_ROWS, "matching"], help="this part alone")
    parser.add_argument("--question", default="", help="pages that contain this word, alone")
    parser.add_argument("--rows", type=int, help="rows of the roster taken in, or of the register written")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEMO", "1")
    if chosen.measure:
        what, size = chosen.measure
        return measure(what, int(size), chosen.question)

    import django

    from config.management.commands.prepare import Command as Prepare

    django.setup()  # finds or starts the database server, which the measuring processes then share
    Prepare().collect_static_files()
    only = chosen.only or ("pages" if chosen.question else None)
    beyond = []
    for part, sizes in BY_PAGES.items() if only is None else [(only, BY_PAGES[only])] if only in BY_PAGES else []:
        beyond += print_pages(part, chosen.sizes or sizes, chosen.question)
    for part in BY_ROWS if only is None else [only] if only in BY_ROWS else []:
        beyond += compare(part, chosen.rows)
    if only in (None, "matching"):
        subprocess.run([sys.executable, "-m", "bench.matching"], check=True)
    print("", "Beyond the limits:" if beyond else "All within the limits.", *beyond, sep="\n")
    return bool(beyond)


def print_pages(part, sizes, question):
    """What of it is beyond the limits."""
    from bench import board, limits, reports, turns

    if part == "reports":
        results = [in_a_process(part, size, question) for size in sizes]
    else:
        results = turns.figures_of([command_of(part, size, question) for size in sizes])
    printer = {"reports": reports.print_table, "pages": print_table}.get(part, board.print_table)
    printer(sizes, results)
    return limits.beyond_pages(part, results)


def compare(part, rows):
    """Ours at a tenth of the rows and at all, and the library at some; what of it is beyond the limits."""
    from bench.comparison import print_comparison
    from bench.limits import beyond_rows

    words, most, of_peer = BY_ROWS[part]
    rows = rows or most
    small, large = (in_a_process(f"{part}_ours", n) for n in (rows // 10, rows))
    peer = in_a_process(f"{part}_peer", min(of_peer, rows))
    print_comparison(words, small, large, peer)
    return list(beyond_rows(part, words, small, large, peer))


def command_of(what, size, question=""):
    return [sys.executable, "-m", "bench.run", "--measure", what, str(size), "--question", question]


def in_a_process(what, size, question=""):
    said = subprocess.run(command_of(what, size, question), stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(said.splitlines()[-1])


def measure(what, size, question):
    import django
    from django.conf import settings
    from django.db import connection

    database = settings.DATABASES["default"]
    database["TEST"] = {"NAME": f"{database['NAME']}_bench_{what}_{size}"}
    settings.ALLOWED_HOSTS.append("testserver")
    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        from bench import activities, board, exporting, homes, importing, questions, reports, turns

        pages = {"pages": questions, "board": board, "activities": activities, "homes": homes}
        if part := pages.get(what):
            return turns.answer(*part.questions(size, question))
        if what == "reports":
            return turns.say(reports.measure(size, question))
        part, who = what.split("_")
        turns.say(importing.measure(who, size) if part == "import" else exporting.measure(part, who, size))
    finally:
        connection.creation.destroy_test_db(database["NAME"], verbosity=0)


def print_table(sizes, results):
    """`growth`: what the most cost by what the fewest cost. `reads`: the page's own statements, without the page.

    `floor`: the same rows by bare SQL; `by floor`: the reads, and the whole page, by that.
    """
    head = "".join(f"{size:>13,}" for size in sizes)
    print(f"{'':36}{head}{'queries':>9}{'growth':>8}{'reads':>10}{'floor':>10}{'by floor':>10}{'(page)':>8}")
    for question, last in results[-1].items():
        costs = [figures[question]["ms"] for figures in results]
        line = "".join(f"{ms:>11.1f}ms" for ms in costs)
        line = f"{question:36}{line}{last['queries']:>9}{costs[-1] / costs[0]:>8.2f}"
        if floor := last.get("floor"):
            line += f"{last['reads']:>8.1f}ms{floor:>8.1f}ms{last['reads'] / floor:>10.1f}{costs[-1] / floor:>8.1f}"
        print(line)


if __name__ == "__main__":
    sys.exit(main())
