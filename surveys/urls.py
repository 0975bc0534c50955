from django.urls import path

from surveys.views import rosters

app_name = "surveys"
urlpatterns = [
    path("rosters/", rosters.listing, name="rosters"),
    path("rosters/begin/", rosters.begin, name="begin_roster"),
    path("rosters/remind/", rosters.remind, name="remind"),
    path("rosters/<int:pk>/", rosters.roster, name="roster"),
    path("rosters/<int:pk>/editions/<int:number>/", rosters.edition, name="edition"),
    path("rosters/<int:pk>/submit/", rosters.submit, name="submit_roster"),
    path("rosters/<int:pk>/remarks/", rosters.remark, name="remark_on_roster"),
    path("rosters/<int:pk>/decide/", rosters.decide, name="decide_roster"),
    path("rosters/district/", rosters.district, name="district"),
]
