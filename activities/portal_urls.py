from django.urls import path

from activities import portal
from activities.views import feed, handouts

app_name = "portal_activities"
urlpatterns = [
    path("", portal.activities, name="activities"),
    path("calendar/", feed.portal_feed, name="feed"),
    path("calendar/end/", feed.portal_feed_end, name="feed_end"),
    path("handout/<int:pk>/", handouts.portal_handout, name="handout"),
    path("handout/<int:pk>/file/", handouts.portal_handout_file, name="handout_file"),
    path("<int:pk>/come/", portal.come, name="come"),
    path("places/<int:pk>/cannot/", portal.cannot, name="cannot"),
]
