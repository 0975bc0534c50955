"""Pages of staff about the course of pairings: promises, close-out, deputies, renewals, and the care group."""

from django.urls import path

from volunteers import care_group_views, close_out_views, deputy_views, renewal_views

app_name = "pairings"
urlpatterns = [
    path("<int:pk>/close-out/", close_out_views.close_out, name="close_out"),
    path("<int:pk>/promise/", close_out_views.promise, name="promise"),
    path("promises/<int:pk>/keep/", close_out_views.keep, name="keep"),
    path("promises/<int:pk>/give-up/", close_out_views.give_up, name="give_up"),
    path("<int:pk>/hand-over/", close_out_views.words, name="words"),
    path("<int:pk>/hand-over/pass-on/", close_out_views.pass_on, name="pass_on"),
    path("<int:pk>/feedback/", close_out_views.feedback, name="feedback"),
    path("<int:pk>/leave-out/", close_out_views.leave_out, name="leave_out"),
    path("<int:pk>/deputy/", deputy_views.deputy, name="deputy"),
    path("renewals/", renewal_views.renewals, name="renewals"),
    path("care-group/", care_group_views.care_group, name="care_group"),
    path("care-group/set-up/", care_group_views.set_up, name="set_up_group"),
    path("care-group/<int:pk>/members/", care_group_views.take_in, name="take_in"),
    path("care-group/<int:pk>/children/", care_group_views.assign, name="assign"),
    path("care-group/members/<int:pk>/end/", care_group_views.let_go, name="let_go"),
    path("care-group/children/<int:pk>/end/", care_group_views.let_child_go, name="let_child_go"),
    path("deputies/<int:pk>/end/", deputy_views.end_deputy, name="end_deputy"),
]
