from django.urls import path

from activities.views import activity, calendar, lists, planning, roll, schemes, session

app_name = "activities"
urlpatterns = [
    path("", lists.activity_list, name="list"),
    path("todo/", lists.todo, name="todo"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("plan/", planning.plan, name="plan"),
    path("schemes/", schemes.scheme_list, name="schemes"),
    path("schemes/new/", schemes.scheme_new, name="scheme_new"),
    path("schemes/<int:pk>/", schemes.scheme, name="scheme"),
    path("schemes/<int:pk>/change/", schemes.scheme_change, name="scheme_change"),
    path("schemes/<int:pk>/action/", schemes.action_new, name="action_new"),
    path("schemes/action/<int:pk>/", schemes.action, name="action"),
    path("schemes/action/<int:pk>/choose/", schemes.action_choose, name="action_choose"),
    path("schemes/action/<int:pk>/leave-out/", schemes.action_leave_out, name="action_leave_out"),
    path("<int:pk>/", activity.activity, name="activity"),
    path("<int:pk>/change/", activity.change, name="change"),
    path("<int:pk>/finish/", activity.finish, name="finish"),
    path("<int:pk>/cancel/", activity.cancel, name="cancel"),
    path("<int:pk>/enrol/", activity.enrol, name="enrol"),
    path("<int:pk>/session/", planning.session_new, name="session_new"),
    path("enrolment/<int:pk>/leave/", activity.leave, name="leave"),
    path("session/<int:pk>/", session.session, name="session"),
    path("session/<int:pk>/move/", planning.session_move, name="session_move"),
    path("session/<int:pk>/cancel/", session.cancel, name="session_cancel"),
    path("session/<int:pk>/record/", session.record, name="session_record"),
    path("session/<int:pk>/picture/", session.photo, name="session_photo"),
    path("picture/<int:pk>/again/", session.photo_again, name="photo_again"),
    path("session/<int:pk>/roll/", roll.roll, name="roll"),
    path("session/<int:pk>/roll/mark/", roll.mark, name="mark"),
    path("session/<int:pk>/roll/everyone/", roll.everyone, name="everyone"),
    path("session/<int:pk>/roll/late/", roll.late, name="late"),
]
