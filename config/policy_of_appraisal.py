"""Who may open which route of supervision visits and of the appraisal."""

from records.policy import everyone, has_role, holds

VISIT = "appraisal.Visit"
DEMAND = "appraisal.Demand"
CALL = "appraisal.Call"
NOMINATION = "appraisal.Nomination"

OF_APPRAISAL = {
    **dict.fromkeys(
        ["supervision:visits", "supervision:for_meetings", "supervision:demands"], holds("appraisal.view_visit")
    ),
    "supervision:plan": holds("appraisal.add_visit"),
    "supervision:visit": holds("appraisal.view_visit", of=VISIT),
    **dict.fromkeys(
        ["supervision:change", "supervision:write_up", "supervision:call_off", "supervision:require"],
        holds("appraisal.change_visit", of=VISIT),
    ),
    "supervision:demand": holds("appraisal.view_demand", of=DEMAND),
    "supervision:answer": holds("appraisal.answer_demand", of=DEMAND),
    **dict.fromkeys(
        ["supervision:close", "supervision:ask_again", "supervision:withdraw"],
        holds("appraisal.change_visit", of=DEMAND),
    ),
    **dict.fromkeys(["appraisal:calls", "appraisal:commendations"], holds("appraisal.view_call")),
    "appraisal:draft": holds("appraisal.add_call"),
    "appraisal:call": holds("appraisal.view_call", of=CALL),
    "appraisal:nominate": holds("appraisal.add_nomination", of=CALL),
    **dict.fromkeys(
        ["appraisal:change_call", "appraisal:add_criterion", "appraisal:remove_criterion", "appraisal:seat"]
        + ["appraisal:unseat", "appraisal:open_call", "appraisal:close_call"],
        holds("appraisal.change_call", of=CALL),
    ),
    **dict.fromkeys(
        ["appraisal:nomination", "appraisal:declare", "appraisal:vote"],
        holds("appraisal.view_nomination", of=NOMINATION),
    ),
    **dict.fromkeys(
        ["appraisal:link", "appraisal:withdraw", "appraisal:agreed", "appraisal:not_agreed"],
        holds("appraisal.change_nomination", of=NOMINATION),
    ),
    **dict.fromkeys(
        ["appraisal:decide", "appraisal:revoke", "appraisal:publish", "appraisal:take_down"],
        holds("appraisal.decide_call", of=NOMINATION),
    ),
    **dict.fromkeys(["commended", "award_number", "award"], everyone),
    "year_book:books": holds("appraisal.view_yearbook", "appraisal.read_yearbook"),
    "portal_appraisal:*": has_role("volunteer"),
}
