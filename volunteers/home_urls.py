from django.urls import path

from volunteers import home_views

app_name = "home_duty"
urlpatterns = [
    path("", home_views.homes, name="homes"),
    path("<int:pk>/", home_views.week, name="week"),
    path("<int:pk>/make/", home_views.make, name="make"),
    path("<int:pk>/shifts/", home_views.shifts, name="shifts"),
    path("shifts/<int:pk>/give-up/", home_views.give_up, name="give_up"),
    path("days/<int:pk>/", home_views.day, name="day"),
    path("days/<int:pk>/put-on/", home_views.put_on, name="put_on"),
    path("days/<int:pk>/call-off/", home_views.call_off, name="call_off"),
    path("duties/<int:pk>/came/", home_views.tick, name="tick"),
    path("duties/<int:pk>/absent/", home_views.absent, name="absent"),
    path("duties/<int:pk>/cannot/", home_views.cannot, name="cannot"),
    path("duties/<int:pk>/take-off/", home_views.take_off, name="take_off"),
]
