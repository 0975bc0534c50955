from django.urls import path

from volunteers.matching import line_views, views

app_name = "matching"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("make/", views.make, name="make"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/accept/", views.accept, name="accept"),
    path("<int:pk>/discard/", views.discard, name="discard"),
    path("children/<int:pk>/", line_views.line, name="line"),
    path("children/<int:pk>/keep/", line_views.keep, name="keep"),
    path("children/<int:pk>/let-go/", line_views.let_go, name="let_go"),
    path("children/<int:pk>/exclude/", line_views.exclude, name="exclude"),
    path("children/<int:pk>/apart/", line_views.let_part, name="let_part"),
    path("children/<int:pk>/hear/", line_views.hear, name="hear"),
    path("excluded/<int:pk>/allow/", line_views.allow, name="allow"),
]
