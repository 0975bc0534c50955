"""Pages of staff: letters between helpers and children, certificates of service, thanks."""

from django.urls import path

from volunteers import letter_views, service_views

app_name = "letters"
urlpatterns = [
    path("", letter_views.letters, name="letters"),
    path("<int:pk>/", letter_views.letter, name="letter"),
    path("<int:pk>/pass/", letter_views.pass_on, name="pass_on"),
    path("<int:pk>/return/", letter_views.send_back, name="send_back"),
    path("<int:pk>/hand-over/", letter_views.hand_over, name="hand_over"),
    path("from-the-child/<int:pk>/", letter_views.answer, name="answer"),
    path("on-paper/<int:pk>/", letter_views.on_paper, name="on_paper"),
    path("certificates/", service_views.certificates, name="certificates"),
    path("certificates/<int:pk>/", service_views.certificate, name="certificate"),
    path("certificates/<int:pk>/issue/", service_views.issue, name="issue"),
    path("certificates/<int:pk>/decline/", service_views.decline, name="decline"),
    path("certificates/<int:pk>/revoke/", service_views.revoke, name="revoke"),
    path("thanks/<int:pk>/", service_views.thank, name="thank"),
]
