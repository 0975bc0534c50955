from django.urls import path

from volunteers import (
    own_vetting,
    portal_entries,
    portal_home,
    portal_letters,
    portal_service,
    portal_writing,
    views,
)

app_name = "portal"
urlpatterns = [
    path("", views.children, name="children"),
    path("due/", views.due, name="due"),
    path("children/<int:pk>/", views.child, name="child"),
    path("children/<int:pk>/reach/", views.reveal, name="reveal"),
    path("children/<int:pk>/photo/", views.child_photo, name="child_photo"),
    path("contact/", portal_writing.log, name="log"),
    path("worried/", portal_writing.concern, name="concern"),
    path("worried/call/", portal_writing.call, name="call"),
    path("entries/", portal_entries.entries, name="entries"),
    path("entries/<int:pk>/photo/", portal_entries.entry_photo, name="entry_photo"),
    path("entries/<int:pk>/correct/", portal_entries.correct, name="entry_correct"),
    path("entries/<int:pk>/answer/", portal_entries.answer, name="entry_answer"),
    path("letters/", portal_letters.letters, name="letters"),
    path("letters/write/", portal_letters.write, name="letter_new"),
    path("letters/<int:pk>/", portal_letters.letter, name="letter"),
    path("letters/<int:pk>/picture/", portal_letters.letter_scan, name="letter_scan"),
    path("letters/<int:pk>/print/", portal_letters.letter_print, name="letter_print"),
    path("home/", portal_home.home, name="home"),
    path("home/<int:pk>/cannot/", portal_home.cannot, name="home_cannot"),
    path("home/<int:pk>/here/", portal_home.check_in, name="home_check_in"),
    path("home/<int:pk>/gone/", portal_home.check_out, name="home_check_out"),
    path("home/days/<int:pk>/take/", portal_home.take, name="home_take"),
    path("me/", portal_service.me, name="me"),
    path("me/certificate/", portal_service.ask_certificate, name="ask_certificate"),
    path("me/certificates/<int:pk>/print/", portal_service.certificate_print, name="certificate_print"),
    path("standing/", views.standing, name="standing"),
    path("me/asked/", own_vetting.asked, name="asked"),
    path("me/pledge/", own_vetting.pledge, name="pledge"),
    path("me/training/", own_vetting.training, name="training"),
]
