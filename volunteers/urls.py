from django.urls import path

from volunteers import own_vetting, portal_goodbye, portal_letters, portal_service, portal_writing, views

app_name = "portal"
urlpatterns = [
    path("", views.children, name="children"),
    path("due/", views.due, name="due"),
    path("children/<int:pk>/", views.child, name="child"),
    path("children/<int:pk>/reach/", views.reveal, name="reveal"),
    path("children/<int:pk>/photo/", views.child_photo, name="child_photo"),
    path("children/<int:pk>/promise/", portal_goodbye.promise, name="promise"),
    path("children/<int:pk>/before/", portal_goodbye.handover, name="handover"),
    path("promises/<int:pk>/kept/", portal_goodbye.keep, name="keep_promise"),
    path("pairings/<int:pk>/goodbye/", portal_goodbye.goodbye, name="goodbye"),
    path("pairings/<int:pk>/wish/", portal_goodbye.wish, name="wish"),
    path("contact/", portal_writing.log, name="log"),
    path("worried/", portal_writing.concern, name="concern"),
    path("worried/call/", portal_writing.call, name="call"),
    path("entries/", views.entries, name="entries"),
    path("entries/<int:pk>/photo/", views.entry_photo, name="entry_photo"),
    path("letters/", portal_letters.letters, name="letters"),
    path("letters/write/", portal_letters.write, name="letter_new"),
    path("letters/<int:pk>/", portal_letters.letter, name="letter"),
    path("letters/<int:pk>/picture/", portal_letters.letter_scan, name="letter_scan"),
    path("letters/<int:pk>/print/", portal_letters.letter_print, name="letter_print"),
    path("me/", portal_service.me, name="me"),
    path("me/certificate/", portal_service.ask_certificate, name="ask_certificate"),
    path("me/certificates/<int:pk>/print/", portal_service.certificate_print, name="certificate_print"),
    path("standing/", views.standing, name="standing"),
    path("me/asked/", own_vetting.asked, name="asked"),
    path("me/pledge/", own_vetting.pledge, name="pledge"),
    path("me/training/", own_vetting.training, name="training"),
]
