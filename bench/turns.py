"""Sizes measured in turns, so that whatever else the machine does meanwhile falls on each of them alike.

A process of its own holds the data of each size and asks one question when told; the figures are gathered here.
"""

import json
import statistics
import subprocess
import sys
import time
from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext

ROUNDS = 9


def asks_of(questions, word, world):
    """What `answer` asks of the questions that contain `word`, each with `words` and `ask`.

    `reads`: the statements of the page alone; beside it what the question itself holds them against.
    """
    queries, asks = {}, {}
    for question in questions:
        if word not in question.words:
            continue
        question.ask(world)  # warm
        with CaptureQueriesContext(connection) as made:
            question.ask(world)
        queries[question.words] = len(made)
        asks[question.words] = {
            "ms": partial(question.ask, world),
            "reads": partial(asked_again, reads_of(question.ask, world)),
        }
        if against := question.against:
            column, ask = against
            asks[question.words][column] = partial(ask, world)
    return queries, asks


def answer(queries, questions):
    """Ask what standard input names, a line each, and say how many ms it took.

    `queries`: {question: how many statements it makes, or none}; `questions`: {question: {column: what to call}}.
    """
    say({words: {"queries": queries.get(words), "columns": list(asks)} for words, asks in questions.items()})
    for line in sys.stdin:
        words, column = json.loads(line)
        begun = time.perf_counter()
        questions[words][column]()
        say((time.perf_counter() - begun) * 1000)


def say(what):
    print(json.dumps(what), flush=True)


def reads_of(ask, world):
    """The statements by which a question reads its rows, with their values."""
    made = []

    def keep(execute, sql, params, many, context):
        if sql.startswith("SELECT"):
            made.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        ask(world)
    return made


def asked_again(statements):
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()


def figures_of(commands):
    """[{question: {"queries": n, column: ms}}] of as many processes, each started with its command."""
    sizes = [Size(command) for command in commands]
    try:
        offered = [size.heard() for size in sizes]
        figures = [{words: {"queries": said["queries"]} for words, said in one.items()} for one in offered]
        for words, said in offered[-1].items():
            for column in said["columns"]:
                costs = [[size.ask(words, column) for size in sizes] for _round in range(ROUNDS)]
                for found, of_one in zip(figures, zip(*costs, strict=True), strict=True):
                    found[words][column] = statistics.median(of_one)
        return figures
    finally:
        for size in sizes:
            size.end()


class Size:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *what):
        print(json.dumps(what), file=self.process.stdin, flush=True)
        return self.heard()

    def heard(self):
        while line := self.process.stdout.readline():
            try:
                return json.loads(line)
            except ValueError:
                continue  # a word of a command that fills the database
        raise RuntimeError(f"{self.process.args} ended with {self.process.wait()}")

    def end(self):
        self.process.stdin.close()
        self.process.wait()
