from django.urls import path

from surveys.views import rosters, rounds, visits

app_name = "surveys"
urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.open_round, name="open_round"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/change/", rounds.change_round, name="change_round"),
    path("rounds/<int:pk>/close/", rounds.close_round, name="close_round"),
    path("rounds/<int:pk>/reopen/", rounds.reopen_round, name="reopen_round"),
    path("rounds/<int:pk>/households/", visits.households, name="households"),
    path("rounds/<int:pk>/visit/", visits.visit, name="visit"),
    path("rounds/<int:pk>/grids/", visits.grids, name="grids"),
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
