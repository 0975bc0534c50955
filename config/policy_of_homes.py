"""Who may open which route of the Homes and of what is in them."""

from records.policy import everyone, holds

HOME = "homes.Home"
ASSET = "premises.Asset"
ASKED = "premises.AssetRequest"
PLAN = "premises.BuildingPlan"

OF_HOMES = {
    "homes:notice": everyone,
    "homes:rules": holds("homes.change_home", of="homes.Home"),
    "homes:opening": holds("homes.change_home", of="homes.Home"),
    "homes:repair_plan": holds("homes.add_repair", of="homes.Answer"),
    "homes:repairs": holds("homes.view_repair"),
    "homes:repair": holds("homes.view_repair", of="homes.Repair"),
    "homes:repair_report": holds("homes.change_repair", of="homes.Repair"),
    **dict.fromkeys(
        ["homes:repair_confirm", "homes:repair_send_back", "homes:repair_give_up"],
        holds("homes.inspect_home", of="homes.Repair"),
    ),
    "homes:pictures": holds("homes.view_roompicture", of=HOME),
    "homes:picture_out": holds("homes.change_roompicture", of="homes.RoomPicture"),
    "homes:standard": holds("homes.view_standard", of="homes.Standard"),
    "homes:standard_add": holds("homes.change_standard", of="homes.Standard"),
    "homes:standard_approve": holds("homes.change_standard", of="homes.Standard"),
    "homes:item_drop": holds("homes.change_standarditem", of="homes.StandardItem"),
    "homes:*": holds("homes.view_home"),
    "evaluations:years": holds("homes.view_evaluationyear"),
    "evaluations:year": holds("homes.view_evaluationyear", of="homes.EvaluationYear"),
    **dict.fromkeys(
        ["evaluations:dates", "evaluations:take_in"],
        holds("homes.change_evaluationyear", of="homes.EvaluationYear"),
    ),
    "evaluations:visits": holds("homes.change_evaluation", of="homes.EvaluationYear"),
    "evaluations:comparison": holds("homes.view_standing"),
    "evaluations:evaluation": holds("homes.view_evaluation", of="homes.Evaluation"),
    **dict.fromkeys(
        ["evaluations:plan", "evaluations:reward", "evaluations:leave_out", "evaluations:take_back"],
        holds("homes.change_evaluation", of="homes.Evaluation"),
    ),
    **dict.fromkeys(["evaluations:draft", "evaluations:hear"], holds("homes.inspect_home", of="homes.Evaluation")),
    "evaluations:state": holds("homes.state_evaluation", of="homes.Evaluation"),
    "evaluations:decide": holds("homes.decide_evaluation", of="homes.Evaluation"),
    "premises:assets": holds("premises.view_asset"),
    "premises:asset": holds("premises.view_asset", of=ASSET),
    **dict.fromkeys(
        ["premises:asset_change", "premises:asset_turn", "premises:asset_ask_to_scrap"],
        holds("premises.change_asset", of=ASSET),
    ),
    **dict.fromkeys(["premises:asset_scrap", "premises:asset_keep"], holds("premises.decide_asset", of=ASSET)),
    "premises:book": holds("premises.add_booking", of=ASSET),
    "premises:lend": holds("premises.add_loan", of=ASSET),
    "premises:requests": holds("premises.view_assetrequest"),
    "premises:request": holds("premises.view_assetrequest", of=ASKED),
    **dict.fromkeys(
        ["premises:request_approve", "premises:request_refuse"], holds("premises.decide_assetrequest", of=ASKED)
    ),
    **dict.fromkeys(["premises:request_withdraw", "premises:bought"], holds("premises.change_assetrequest", of=ASKED)),
    "premises:ask": holds("premises.add_assetrequest", of=HOME),
    "premises:check_in": holds("premises.add_asset", of=HOME),
    "premises:count": holds("premises.add_assetcount", of=HOME),
    "premises:asset_count": holds("premises.view_assetcount", of="premises.AssetCount"),
    "premises:calls": holds("premises.view_booking"),
    "premises:to_tell": holds("premises.change_booking"),
    **dict.fromkeys(
        ["premises:call_kept", "premises:call_missed", "premises:call_give_back", "premises:told"],
        holds("premises.change_booking", of="premises.Booking"),
    ),
    "premises:loans": holds("premises.view_loan"),
    **dict.fromkeys(["premises:loan_back", "premises:loan_lost"], holds("premises.change_loan", of="premises.Loan")),
    "premises:visits": holds("premises.view_homedaylog"),
    "premises:begin": holds("premises.add_homedaylog", of=HOME),
    "premises:day": holds("premises.view_homedaylog", of="premises.HomeDayLog"),
    "premises:tap": holds("premises.change_homedaylog", of="premises.HomeDayLog"),
    "premises:day_end": holds("premises.change_homedaylog", of="premises.HomeDayLog"),
    "premises:closures": holds("homes.view_closure", of=HOME),
    "premises:closure_lift": holds("homes.change_closure", of="homes.Closure"),
    "premises:holders": holds("premises.view_dutyholder", of=HOME),
    "premises:holder_end": holds("premises.change_dutyholder", of="premises.DutyHolder"),
    "premises:holder_training": holds("premises.change_dutyholder", of="premises.DutyHolder"),
    "premises:holder_phone": holds("premises.change_dutyholder", of="premises.DutyHolder"),
    "premises:plans": holds("premises.view_buildingplan"),
    "premises:plan_begin": holds("premises.add_buildingplan"),
    "premises:plan": holds("premises.view_buildingplan", of=PLAN),
    **dict.fromkeys(
        ["premises:add_milestone", "premises:add_line", "premises:choose_drive", "premises:plan_open"]
        + ["premises:plan_give_up"],
        holds("premises.change_buildingplan", of=PLAN),
    ),
    "premises:milestone": holds("premises.change_milestone", of="premises.Milestone"),
    "premises:line": holds("premises.view_budgetline", of="premises.BudgetLine"),
    "premises:wishes": holds("premises.view_homewish"),
    "premises:wish_new": holds("premises.add_homewish", of="homes.Repair"),
    "premises:wish": holds("premises.view_homewish", of="premises.HomeWish"),
    **dict.fromkeys(
        ["premises:wish_take", "premises:wish_give_back", "premises:wish_fulfil", "premises:wish_end"],
        holds("premises.change_homewish", of="premises.HomeWish"),
    ),
}
