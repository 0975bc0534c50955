from allauth.account import views as account
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from appraisal.views import public
from communities.views import one_time_link, set_language
from config.start import start
from records.papers import print_paper
from records.staff_site import staff_site
from volunteers.card_check import card
from volunteers.certificate_check import ask_number, certificate

urlpatterns = [
    path("", start, name="start"),
    path("login/", account.login, name="account_login"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("logout/", account.logout, name="account_logout"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/link/<uidb64>/<token>/", one_time_link, name="one_time_link"),
    path("two-factor/", include("allauth.mfa.urls")),
    path("language/", set_language, name="set_language"),
    path("admin/jsi18n/", JavaScriptCatalog.as_view(packages=["django.contrib.admin"]), name="jsi18n"),
    path("papers/<slug:name>/", print_paper, name="papers"),
    path("papers/<slug:name>/<int:pk>/", print_paper, name="paper"),
    path("accounts/", include("communities.urls")),
    path("leading-group/", include("communities.group_urls")),
    path("meetings/", include("communities.meeting_urls")),
    path("children/", include("children.urls")),
    path("surveys/", include("surveys.urls")),
    path("guardianship/", include("guardianship.urls")),
    path("counselling/", include("counselling.urls")),
    path("support/", include("support.urls")),
    path("gifts/", include("gifts.urls")),
    path("matching/", include("volunteers.matching.urls")),
    path("five-ones/", include("volunteers.board_urls")),
    path("contacts/", include("volunteers.contact_urls")),
    path("duty-rules/", include("volunteers.rule_urls")),
    path("home-duty/", include("volunteers.home_urls")),
    path("pairings/", include("volunteers.pairing_urls")),
    path("cards/<slug:code>/", card, name="card_check"),
    path("portal/activities/", include("activities.portal_urls")),
    path("portal/honours/", include("appraisal.portal_urls")),
    path("portal/", include("volunteers.urls")),
    path("apply/", include("volunteers.apply_urls")),
    path("letters/", include("volunteers.letter_urls")),
    path("certificates/", ask_number, name="certificate_number"),
    path("certificates/<str:number>/", certificate, name="certificate"),
    path("activities/", include("activities.urls")),
    path("homes/evaluations/", include("homes.evaluation_urls")),
    path("homes/", include("homes.urls")),
    path("appraisal/", include("appraisal.urls")),
    path("year-book/", include("appraisal.year_book_urls")),
    path("commendations/<slug:code>/", public.commended, name="commended"),
    path("awards/", public.ask_number, name="award_number"),
    path("awards/<str:number>/", public.award, name="award"),
    path("supervision/", include("appraisal.supervision_urls")),
    path("premises/", include("premises.urls")),
    path("reports/", include("reports.urls")),
    path("admin/", staff_site.urls),
    path("", include("records.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"
