from django.urls import path, re_path

from records import health, views

app_name = "records"
urlpatterns = [
    path("attachments/<str:label>/<slug:pk>/<slug:field>/", views.attachment, name="attachment"),
    re_path(r"^drafts/(?P<key>[\w.:-]{1,200})/\Z", views.draft, name="draft"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
]
