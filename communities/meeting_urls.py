from django.urls import path

from communities import meeting_views as views

app_name = "meetings"
urlpatterns = [
    path("", views.meeting_list, name="list"),
    path("new/", views.plan, name="plan"),
    path("<int:pk>/", views.meeting, name="meeting"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/write-up/", views.write_up, name="write_up"),
    path("<int:pk>/call-off/", views.call_off, name="call_off"),
    path("<int:pk>/decide/", views.decide, name="decide"),
    path("decisions/", views.decisions, name="decisions"),
    path("decisions/<int:pk>/", views.decision, name="decision"),
    path("decisions/<int:pk>/done/", views.done, name="done"),
    path("decisions/<int:pk>/drop/", views.drop, name="drop"),
    path("decisions/<int:pk>/pass-on/", views.pass_on, name="pass_on"),
]
