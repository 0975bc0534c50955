from django.urls import path

from homes import filling_in, opening, views

app_name = "homes"
urlpatterns = [
    path("", views.home_list, name="list"),
    path("<int:pk>/", views.home, name="home"),
    path("<int:pk>/opening/", opening.opening, name="opening"),
    path("<int:pk>/check/", filling_in.begin, name="begin"),
    path("checks/<int:pk>/", views.inspection, name="inspection"),
    path("checks/<int:pk>/measure/", filling_in.measure, name="measure"),
    path("checks/<int:pk>/submit/", filling_in.submit, name="submit"),
    path("checks/<int:pk>/<slug:section>/", filling_in.section, name="section"),
]
