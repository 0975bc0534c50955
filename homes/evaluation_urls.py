from django.urls import path

from homes import comparing, evaluating, visit_plan

app_name = "evaluations"
urlpatterns = [
    path("", evaluating.years, name="years"),
    path("comparison/", comparing.comparison, name="comparison"),
    path("<int:pk>/", evaluating.year, name="year"),
    path("<int:pk>/dates/", evaluating.dates, name="dates"),
    path("<int:pk>/take-in/", evaluating.take_in, name="take_in"),
    path("<int:pk>/visits/", visit_plan.visits, name="visits"),
    path("homes/<int:pk>/", evaluating.evaluation, name="evaluation"),
    path("homes/<int:pk>/plan/", evaluating.plan, name="plan"),
    path("homes/<int:pk>/draft/", evaluating.draft, name="draft"),
    path("homes/<int:pk>/hear/", evaluating.hear, name="hear"),
    path("homes/<int:pk>/state/", evaluating.state, name="state"),
    path("homes/<int:pk>/decide/", evaluating.decide, name="decide"),
    path("homes/<int:pk>/reward/", evaluating.reward, name="reward"),
    path("homes/<int:pk>/leave-out/", evaluating.leave_out, name="leave_out"),
    path("homes/<int:pk>/take-back/", evaluating.take_back, name="take_back"),
]
