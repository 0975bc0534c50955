from django.urls import path

from counselling import session_views, views

app_name = "counselling"
urlpatterns = [
    path("", views.cases, name="cases"),
    path("children/<int:pk>/open/", views.open_case, name="open"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("cases/<int:pk>/words/", views.words, name="words"),
    path("cases/<int:pk>/session/", session_views.new_session, name="new_session"),
    path("cases/<int:pk>/concern/", views.concern, name="concern"),
    path("cases/<int:pk>/close/", views.close, name="close"),
    path("cases/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("cases/<int:pk>/admit/", views.admit, name="admit"),
    path("sessions/<int:pk>/", session_views.session, name="session"),
    path("admissions/<int:pk>/revoke/", views.revoke, name="revoke"),
]
