from django.urls import path

from communities import group_views as views

app_name = "leading_group"
urlpatterns = [path("", views.group, name="group"), path("rota/", views.rota, name="rota")]
