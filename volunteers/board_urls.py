from django.urls import path

from volunteers import board_views, week_views

app_name = "five_ones"
urlpatterns = [
    path("", board_views.listing, name="board"),
    path("week/", week_views.week, name="week"),
    path("<int:pk>/remind/", board_views.remind, name="remind"),
    path("reminders/<int:pk>/", board_views.reminder, name="reminder"),
    path("duties/<int:pk>/excuse/", board_views.excuse, name="excuse"),
]
