from django.urls import path

from activities.views import activity, group, lists, roll, session

app_name = "activities"
urlpatterns = [
    path("", lists.activity_list, name="list"),
    path("todo/", lists.todo, name="todo"),
    path("calendar/", lists.calendar, name="calendar"),
    path("plan/", activity.plan, name="plan"),
    path("groups/", group.groups, name="groups"),
    path("groups/new/", group.group_new, name="group_new"),
    path("groups/<int:pk>/", group.group, name="group"),
    path("groups/<int:pk>/change/", group.group_change, name="group_change"),
    path("groups/<int:pk>/take-in/", group.group_take_in, name="group_take_in"),
    path("groups/<int:pk>/meeting/", group.group_meeting, name="group_meeting"),
    path("groups/<int:pk>/dissolve/", group.group_dissolve, name="group_dissolve"),
    path("groups/place/<int:pk>/leave/", group.group_let_go, name="group_let_go"),
    path("groups/place/<int:pk>/lead/", group.group_lead, name="group_lead"),
    path("<int:pk>/", activity.activity, name="activity"),
    path("<int:pk>/change/", activity.change, name="change"),
    path("<int:pk>/finish/", activity.finish, name="finish"),
    path("<int:pk>/cancel/", activity.cancel, name="cancel"),
    path("<int:pk>/enrol/", activity.enrol, name="enrol"),
    path("<int:pk>/enrol/several/", activity.enrol_several, name="enrol_several"),
    path("<int:pk>/session/", activity.session_new, name="session_new"),
    path("enrolment/<int:pk>/leave/", activity.leave, name="leave"),
    path("session/<int:pk>/", session.session, name="session"),
    path("session/<int:pk>/move/", session.move, name="session_move"),
    path("session/<int:pk>/cancel/", session.cancel, name="session_cancel"),
    path("session/<int:pk>/record/", session.record, name="session_record"),
    path("session/<int:pk>/picture/", session.photo, name="session_photo"),
    path("picture/<int:pk>/again/", session.photo_again, name="photo_again"),
    path("session/<int:pk>/roll/", roll.roll, name="roll"),
    path("session/<int:pk>/roll/mark/", roll.mark, name="mark"),
    path("session/<int:pk>/roll/everyone/", roll.everyone, name="everyone"),
    path("session/<int:pk>/roll/late/", roll.late, name="late"),
]
