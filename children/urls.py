from django.urls import path

from children import act_views, concern_views, household_views, import_views, rights_views, transfer_views, views

app_name = "children"
urlpatterns = [
    path("new/", household_views.new, name="new"),
    path("household/<int:pk>/", household_views.household, name="household"),
    path("import/", import_views.upload, name="import"),
    path("import/<int:pk>/", import_views.batch, name="import_batch"),
    path("import/<int:pk>/confirm/", import_views.confirm, name="import_confirm"),
    path("import/<int:pk>/discard/", import_views.discard, name="import_discard"),
    path("import/<int:pk>/to-correct.xlsx", import_views.returned, name="import_returned"),
    path("import/<int:pk>/verdicts.csv", import_views.report, name="import_report"),
    path("transfers/", transfer_views.transfers, name="transfers"),
    path("transfers/<int:pk>/", transfer_views.transfer, name="transfer"),
    path("transfers/<int:pk>/accept/", transfer_views.accept, name="transfer_accept"),
    path("transfers/<int:pk>/refuse/", transfer_views.refuse, name="transfer_refuse"),
    path("transfers/<int:pk>/withdraw/", transfer_views.withdraw, name="transfer_withdraw"),
    path("<int:pk>/transfer/", transfer_views.transfer_to, name="transfer_to"),
    path("<int:pk>/", views.file, name="file"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/reveal/", views.reveal, name="reveal"),
    path("<int:pk>/photo/", act_views.set_photo, name="photo"),
    path("<int:pk>/consent/", act_views.give_consent, name="consent"),
    path("consents/<int:pk>/withdraw/", act_views.withdraw_consent, name="withdraw_consent"),
    path("<int:pk>/caregiver/", act_views.change_caregiver, name="caregiver"),
    path("<int:pk>/refer/", act_views.refer, name="refer"),
    path("referrals/<int:pk>/end/", act_views.end_referral, name="end_referral"),
    path("<int:pk>/copy.json", rights_views.copy, name="copy"),
    path("<int:pk>/correct/", rights_views.ask_correction, name="ask_correction"),
    path("corrections/<int:pk>/", rights_views.correction, name="correction"),
    path("<int:pk>/erase/", rights_views.ask_erasure, name="ask_erasure"),
    path("erasures/<int:pk>/", rights_views.erasure, name="erasure"),
    path("<int:pk>/leave/", act_views.leave, name="leave"),
    path("<int:pk>/return/", act_views.return_to_register, name="return"),
    path("<int:pk>/concern/", concern_views.raise_concern, name="raise_concern"),
    path("concerns/<int:pk>/", concern_views.concern, name="concern"),
]
