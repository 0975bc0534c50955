from django.urls import path

from appraisal import portal

app_name = "portal_appraisal"
urlpatterns = [
    path("", portal.honours, name="honours"),
    path("<int:pk>/agree/", portal.agree, name="agree"),
    path("<int:pk>/take-back/", portal.take_back, name="take_back"),
    path("<int:pk>/certificate/", portal.certificate, name="certificate"),
]
