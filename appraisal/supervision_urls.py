from django.urls import path

from appraisal.views import demands, visits

app_name = "supervision"
urlpatterns = [
    path("", visits.visits, name="visits"),
    path("new/", visits.plan, name="plan"),
    path("for-meetings/", visits.for_meetings, name="for_meetings"),
    path("<int:pk>/", visits.visit, name="visit"),
    path("<int:pk>/change/", visits.change, name="change"),
    path("<int:pk>/write-up/", visits.write_up, name="write_up"),
    path("<int:pk>/call-off/", visits.call_off, name="call_off"),
    path("<int:pk>/require/", demands.require, name="require"),
    path("requirements/", demands.demands, name="demands"),
    path("requirements/<int:pk>/", demands.demand, name="demand"),
    path("requirements/<int:pk>/answer/", demands.answer, name="answer"),
    path("requirements/<int:pk>/close/", demands.close, name="close"),
    path("requirements/<int:pk>/ask-again/", demands.ask_again, name="ask_again"),
    path("requirements/<int:pk>/withdraw/", demands.withdraw, name="withdraw"),
]
