from django.urls import path

from volunteers import rule_views

app_name = "duty_rules"
urlpatterns = [
    path("", rule_views.rules, name="rules"),
    path("<slug:kind>/", rule_views.edit, name="edit"),
]
