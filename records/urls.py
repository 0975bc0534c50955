from django.urls import path, re_path

from records import export_views, health, views

app_name = "records"
urlpatterns = [
    path("attachments/<str:label>/<slug:pk>/<slug:field>/", views.attachment, name="attachment"),
    re_path(r"^drafts/(?P<key>[\w.:-]{1,200})/\Z", views.draft, name="draft"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("exports/", export_views.listing, name="exports"),
    path("exports/<slug:name>/new/", export_views.begin, name="export"),
    path("exports/<int:pk>/", export_views.request_page, name="export_request"),
    path("exports/<int:pk>/decide/", export_views.decide, name="export_decide"),
    path("exports/<int:pk>/file/", export_views.fetch, name="export_fetch"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
]
