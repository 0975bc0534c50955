from django.urls import path

from children import act_views, concern_views, duplicate_views, household_views, import_views, views

app_name = "children"
urlpatterns = [
    path("new/", household_views.new, name="new"),
    path("duplicates/", duplicate_views.review, name="duplicates"),
    path("same-child/", duplicate_views.same_child, name="same_child"),
    path("same-child/<int:pk>/settle/", duplicate_views.settle, name="settle"),
    path("<int:pk>/compare/<int:other>/", duplicate_views.compare, name="compare"),
    path("<int:pk>/compare/<int:other>/different/", duplicate_views.different, name="different"),
    path("likely/", household_views.likely, name="likely"),
    path("household/<int:pk>/", household_views.household, name="household"),
    path("import/", import_views.upload, name="import"),
    path("import/<int:pk>/", import_views.batch, name="import_batch"),
    path("import/<int:pk>/confirm/", import_views.confirm, name="import_confirm"),
    path("import/<int:pk>/discard/", import_views.discard, name="import_discard"),
    path("import/<int:pk>/to-correct.xlsx", import_views.returned, name="import_returned"),
    path("import/<int:pk>/verdicts.csv", import_views.report, name="import_report"),
    path("<int:pk>/", views.file, name="file"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/reveal/", views.reveal, name="reveal"),
    path("<int:pk>/photo/", act_views.set_photo, name="photo"),
    path("<int:pk>/consent/", act_views.give_consent, name="consent"),
    path("consents/<int:pk>/withdraw/", act_views.withdraw_consent, name="withdraw_consent"),
    path("<int:pk>/caregiver/", act_views.change_caregiver, name="caregiver"),
    path("<int:pk>/refer/", act_views.refer, name="refer"),
    path("referrals/<int:pk>/end/", act_views.end_referral, name="end_referral"),
    path("<int:pk>/leave/", act_views.leave, name="leave"),
    path("<int:pk>/return/", act_views.return_to_register, name="return"),
    path("<int:pk>/concern/", concern_views.raise_concern, name="raise_concern"),
    path("concerns/<int:pk>/", concern_views.concern, name="concern"),
]
