from django.urls import path

from appraisal.views import calls, nominations

app_name = "appraisal"
urlpatterns = [
    path("", calls.calls, name="calls"),
    path("commendations/", nominations.commendations, name="commendations"),
    path("calls/new/", calls.draft, name="draft"),
    path("calls/<int:pk>/", calls.call, name="call"),
    path("calls/<int:pk>/change/", calls.change, name="change_call"),
    path("calls/<int:pk>/criteria/", calls.add_criterion, name="add_criterion"),
    path("calls/<int:pk>/criteria/remove/", calls.remove_criterion, name="remove_criterion"),
    path("calls/<int:pk>/seat/", calls.seat, name="seat"),
    path("calls/<int:pk>/unseat/", calls.unseat, name="unseat"),
    path("calls/<int:pk>/open/", calls.open_call, name="open_call"),
    path("calls/<int:pk>/close/", calls.close_call, name="close_call"),
    path("calls/<int:pk>/nominate/", calls.nominate, name="nominate"),
    path("nominations/<int:pk>/", nominations.nomination, name="nomination"),
    path("nominations/<int:pk>/link/", nominations.link, name="link"),
    path("nominations/<int:pk>/withdraw/", nominations.withdraw, name="withdraw"),
    path("nominations/<int:pk>/agreed/", nominations.agreed, name="agreed"),
    path("nominations/<int:pk>/not-agreed/", nominations.not_agreed, name="not_agreed"),
    path("nominations/<int:pk>/declare/", nominations.declare, name="declare"),
    path("nominations/<int:pk>/vote/", nominations.vote, name="vote"),
    path("nominations/<int:pk>/decide/", nominations.decide, name="decide"),
    path("nominations/<int:pk>/revoke/", nominations.revoke, name="revoke"),
    path("nominations/<int:pk>/publish/", nominations.publish, name="publish"),
    path("nominations/<int:pk>/take-down/", nominations.take_down, name="take_down"),
]
