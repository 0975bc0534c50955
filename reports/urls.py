from django.urls import path

from reports import district, views

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
    path("district/<slug:key>/", district.one_measure, name="district_measure"),
]
