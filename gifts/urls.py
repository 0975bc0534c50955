from django.urls import path

from gifts import views

app_name = "gifts"
urlpatterns = [
    path("", views.gifts, name="gifts"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.gift, name="gift"),
    path("givers/", views.givers, name="givers"),
    path("givers/new/", views.new_giver, name="new_giver"),
    path("givers/<int:pk>/", views.giver, name="giver"),
    path("givers/<int:pk>/change/", views.change_giver, name="change_giver"),
    path("givers/<int:pk>/phone/", views.reveal, name="reveal"),
]
