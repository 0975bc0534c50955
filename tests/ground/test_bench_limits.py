"""A run of the benchmark ends by naming what is beyond its limits."""

from bench.limits import beyond_pages, beyond_rows


def test_within_the_limits_nothing_is_named():
    few, many = {"a": {"ms": 10.0}}, {"a": {"ms": 13.0, "reads": 12.0, "floor": 2.0, "naive": 120.0}}
    assert beyond_pages("pages", [few, many]) == []


def test_growth_floor_and_the_naive_question_have_limits_of_their_own():
    few, many = {"a": {"ms": 10.0}}, {"a": {"ms": 14.0, "reads": 13.0, "floor": 2.0, "naive": 100.0}}
    assert beyond_pages("pages", [few, many]) == [
        "a: growth 1.40 of 1.3",
        "a: own reads 6.5 times the floor, of 6",
        "a: the naive question 7.7 times ours, of 10",
    ]


def test_of_reports_the_overview_alone_may_not_grow():
    few = {"overview of a district": {"ms": 10.0}, "a quarter drawn for the district": {"ms": 10.0}}
    many = {"overview of a district": {"ms": 15.0}, "a quarter drawn for the district": {"ms": 90.0, "floor": 20.0}}
    assert beyond_pages("reports", [few, many]) == [
        "overview of a district: growth 1.50 of 1.3",
        "a quarter drawn for the district: own reads 4.5 times the floor, of 3",
    ]


def test_an_import_is_held_against_the_library_and_its_memory_against_a_tenth():
    small, large = (
        {"rows": rows, "seconds": rows / 10_000, "megabytes": mb} for rows, mb in ((2_000, 10), (20_000, 40))
    )
    peer = {"rows": 1_000, "seconds": 0.7, "megabytes": 50}
    assert list(beyond_rows("import", "a roster", small, large, peer)) == [
        "a roster: the library 7.0 times ours, of 8",
        "a roster: memory rose from 10 to 40 MB",
    ]
    assert list(beyond_rows("export", "a register", small, {**large, "megabytes": 20}, peer)) == []


def test_a_question_that_no_issue_limits_may_grow():
    few, many = ({"the street office's start page": {"ms": ms}} for ms in (10.0, 27.0))
    assert beyond_pages("pages", [few, many]) == []
