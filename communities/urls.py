from django.urls import path

from communities import views

app_name = "communities"
urlpatterns = [path("<int:pk>/link/", views.account_link, name="link")]
