from django.urls import path

from homes import comparing, evaluating

app_name = "evaluations"
urlpatterns = [
    path("", evaluating.years, name="years"),
    path("comparison/", comparing.comparison, name="comparison"),
    path("<int:pk>/", evaluating.year, name="year"),
    path("<int:pk>/dates/", evaluating.dates, name="dates"),
    path("<int:pk>/take-in/", evaluating.take_in, name="take_in"),
    path("homes/<int:pk>/", evaluating.evaluation, name="evaluation"),
    path("homes/<int:pk>/plan/", evaluating.plan, name="plan"),
    path("homes/<int:pk>/draft/", evaluating.draft, name="draft"),
    path("homes/<int:pk>/hear/", evaluating.hear, name="hear"),
    path("homes/<int:pk>/state/", evaluating.state, name="state"),
    path("homes/<int:pk>/decide/", evaluating.decide, name="decide"),
    path("homes/<int:pk>/reward/", evaluating.reward, name="reward"),
]
