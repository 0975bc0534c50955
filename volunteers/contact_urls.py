from django.urls import path

from volunteers import contact_views

app_name = "contacts"
urlpatterns = [
    path("<int:pk>/", contact_views.contact, name="contact"),
    path("<int:pk>/check/", contact_views.verify, name="verify"),
    path("<int:pk>/ask/", contact_views.ask, name="ask"),
    path("<int:pk>/answer/", contact_views.note_answer, name="note_answer"),
    path("<int:pk>/note/", contact_views.remark, name="remark"),
    path("<int:pk>/settle/", contact_views.settle, name="settle"),
    path("<int:pk>/thank/", contact_views.thank, name="thank"),
    path("<int:pk>/correct/", contact_views.correct, name="correct"),
]
