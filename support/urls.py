from django.urls import path

from support import payment_views, sheet_views, views

app_name = "support"
urlpatterns = [
    path("", views.applications, name="applications"),
    path("could-apply/", views.could_apply, name="could_apply"),
    path("children/<int:pk>/prepare/", views.prepare, name="prepare"),
    path("applications/<int:pk>/", views.application, name="application"),
    path("applications/<int:pk>/submit/", views.submit, name="submit"),
    path("applications/<int:pk>/school/", views.school, name="school"),
    path("applications/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("applications/<int:pk>/check/", views.check, name="check"),
    path("applications/<int:pk>/return/", views.give_back, name="give_back"),
    path("applications/<int:pk>/notice/", views.post_notice, name="post_notice"),
    path("applications/<int:pk>/object/", views.object_to, name="object_to"),
    path("applications/<int:pk>/plan/", payment_views.plan, name="plan"),
    path("objections/<int:pk>/settle/", views.settle, name="settle"),
    path("payments/<int:pk>/paid/", payment_views.paid, name="paid"),
    path("payments/<int:pk>/received/", payment_views.received, name="received"),
    path("payments/<int:pk>/take-back/", payment_views.take_back, name="take_back"),
    path("payments/<int:pk>/cancel/", payment_views.cancel, name="cancel"),
    path("notices/", sheet_views.notices, name="notices"),
    path("sheets/", sheet_views.sheets, name="sheets"),
    path("sheets/<int:pk>/", sheet_views.sheet, name="sheet"),
    path("sheets/<int:pk>/decide/", sheet_views.decide, name="decide"),
    path("statement/", sheet_views.statement, name="statement"),
    path("statement/workbook/", sheet_views.statement_workbook, name="statement_workbook"),
]
