from django.urls import path

from homes import drafting, filling_in, opening, pictures, posting, repairs, views

app_name = "homes"
urlpatterns = [
    path("", views.home_list, name="list"),
    path("<int:pk>/", views.home, name="home"),
    path("answers/<int:pk>/repair/", repairs.plan, name="repair_plan"),
    path("repairs/", repairs.repairs, name="repairs"),
    path("repairs/<int:pk>/", repairs.repair, name="repair"),
    path("repairs/<int:pk>/report/", repairs.report, name="repair_report"),
    path("repairs/<int:pk>/confirm/", repairs.confirm, name="repair_confirm"),
    path("repairs/<int:pk>/send-back/", repairs.send_back, name="repair_send_back"),
    path("repairs/<int:pk>/give-up/", repairs.give_up, name="repair_give_up"),
    path("<int:pk>/opening/", opening.opening, name="opening"),
    path("<int:pk>/pictures/", pictures.pictures, name="pictures"),
    path("pictures/<int:pk>/take-out/", pictures.take_out, name="picture_out"),
    path("standards/<int:pk>/", drafting.standard, name="standard"),
    path("standards/<int:pk>/add/", drafting.add, name="standard_add"),
    path("standards/<int:pk>/approve/", drafting.approve, name="standard_approve"),
    path("requirements/<int:pk>/drop/", drafting.drop, name="item_drop"),
    path("<int:pk>/rules/", posting.rules, name="rules"),
    path("notice/<slug:code>/", posting.notice, name="notice"),
    path("<int:pk>/check/", filling_in.begin, name="begin"),
    path("checks/<int:pk>/", views.inspection, name="inspection"),
    path("checks/<int:pk>/measure/", filling_in.measure, name="measure"),
    path("checks/<int:pk>/submit/", filling_in.submit, name="submit"),
    path("checks/<int:pk>/<slug:section>/", filling_in.section, name="section"),
]
