from django.urls import path

from reports import compare, district, saved, states, views

app_name = "reports"
urlpatterns = [
    path("", views.quarters, name="list"),
    path("open/", views.open_report, name="open"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/decide/", views.decide, name="decide"),
    path("<int:pk>/workbook/", views.workbook, name="workbook"),
    path("measures/", views.measures_list, name="measures"),
    path("measures/<slug:key>/", views.measure, name="measure"),
    path("district/", district.overview, name="district"),
    path("district/compare/", compare.compare, name="district_compare"),
    path("district/states/", states.states, name="district_states"),
    path("district/remind/", states.remind, name="district_remind"),
    path("district/views/", saved.views, name="views"),
    path("district/views/save/", saved.save_view, name="save_view"),
    path("district/views/<int:pk>/", saved.open_view, name="view"),
    path("district/views/<int:pk>/share/", saved.share_view, name="share_view"),
    path("district/views/<int:pk>/away/", saved.put_view_away, name="put_view_away"),
    path("district/figure/<slug:key>/", district.one_measure, name="district_measure"),
]
