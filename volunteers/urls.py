from django.urls import path

from volunteers import own_vetting, portal_writing, views

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
    path("entries/", views.entries, name="entries"),
    path("entries/<int:pk>/photo/", views.entry_photo, name="entry_photo"),
    path("me/", views.me, name="me"),
    path("standing/", views.standing, name="standing"),
    path("me/asked/", own_vetting.asked, name="asked"),
    path("me/pledge/", own_vetting.pledge, name="pledge"),
    path("me/training/", own_vetting.training, name="training"),
]
