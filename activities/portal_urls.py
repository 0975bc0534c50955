from django.urls import path

from activities import portal

app_name = "portal_activities"
urlpatterns = [
    path("", portal.activities, name="activities"),
    path("<int:pk>/come/", portal.come, name="come"),
    path("places/<int:pk>/cannot/", portal.cannot, name="cannot"),
]
