from django.urls import path

from activities.views import activity, album, carers, lists, publicity, roll, session, sheet

app_name = "activities"
urlpatterns = [
    path("", lists.activity_list, name="list"),
    path("todo/", lists.todo, name="todo"),
    path("calendar/", lists.calendar, name="calendar"),
    path("parent-school/", carers.parent_school, name="parent_school"),
    path("publicity/", publicity.publicity, name="publicity"),
    path("publicity/new/", publicity.publicity_new, name="publicity_new"),
    path("publicity/<int:pk>/", publicity.publicity_item, name="publicity_item"),
    path("publicity/<int:pk>/change/", publicity.publicity_change, name="publicity_change"),
    path("publicity/<int:pk>/down/", publicity.take_down, name="take_down"),
    path("plan/", activity.plan, name="plan"),
    path("<int:pk>/", activity.activity, name="activity"),
    path("<int:pk>/change/", activity.change, name="change"),
    path("<int:pk>/finish/", activity.finish, name="finish"),
    path("<int:pk>/cancel/", activity.cancel, name="cancel"),
    path("<int:pk>/enrol/", activity.enrol, name="enrol"),
    path("<int:pk>/album/", album.album, name="album"),
    path("<int:pk>/session/", activity.session_new, name="session_new"),
    path("enrolment/<int:pk>/leave/", activity.leave, name="leave"),
    path("session/<int:pk>/", session.session, name="session"),
    path("session/<int:pk>/move/", session.move, name="session_move"),
    path("session/<int:pk>/cancel/", session.cancel, name="session_cancel"),
    path("session/<int:pk>/record/", session.record, name="session_record"),
    path("session/<int:pk>/picture/", session.photo, name="session_photo"),
    path("picture/<int:pk>/", album.picture, name="picture"),
    path("picture/<int:pk>/again/", session.photo_again, name="photo_again"),
    path("session/<int:pk>/sheet/", sheet.sheet, name="sheet"),
    path("session/<int:pk>/carers/", carers.carers, name="carers"),
    path("session/<int:pk>/carers/note/", carers.note_carer, name="note_carer"),
    path("session/<int:pk>/roll/", roll.roll, name="roll"),
    path("session/<int:pk>/roll/mark/", roll.mark, name="mark"),
    path("session/<int:pk>/roll/everyone/", roll.everyone, name="everyone"),
    path("session/<int:pk>/roll/late/", roll.late, name="late"),
]
