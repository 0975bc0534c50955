from django.urls import path

from reports import amending_views, district, gap_views, measure_views, rule_views, street_views, views

app_name = "reports"
urlpatterns = [
    path("", views.quarters, name="list"),
    path("open/", views.open_report, name="open"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/decide/", views.decide, name="decide"),
    path("<int:pk>/workbook/", views.workbook, name="workbook"),
    path("<int:pk>/amend/", amending_views.amend, name="amend"),
    path("amendments/<int:pk>/decide/", amending_views.decide, name="amendment"),
    path("streets/", street_views.streets, name="streets"),
    path("streets/open/", street_views.open_report, name="street_open"),
    path("streets/<int:pk>/", street_views.street_report, name="street"),
    path("streets/<int:pk>/submit/", street_views.submit, name="street_submit"),
    path("streets/<int:pk>/decide/", street_views.decide, name="street_decide"),
    path("streets/<int:pk>/workbook/", street_views.workbook, name="street_workbook"),
    path("streets/<int:pk>/amend/", amending_views.amend_street, name="street_amend"),
    path("streets/amendments/<int:pk>/decide/", amending_views.decide_street, name="street_amendment"),
    path("rule/", rule_views.rule, name="rule"),
    path("gaps/", gap_views.gap_board, name="gaps"),
    path("gaps/workbook/", gap_views.gap_workbook, name="gap_workbook"),
    path("measures/", measure_views.measures_list, name="measures"),
    path("measures/<slug:key>/", measure_views.measure, name="measure"),
    path("district/", district.overview, name="district"),
    path("district/<slug:key>/", district.one_measure, name="district_measure"),
]
