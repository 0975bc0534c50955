from django.urls import path

from guardianship import card_log_views, card_views, contact_views, letter_views

app_name = "guardianship"
urlpatterns = [
    path("letters/", letter_views.letters, name="letters"),
    path("letters/renew/", letter_views.renew, name="renew"),
    path("letters/<int:pk>/", letter_views.letter, name="letter"),
    path("letters/<int:pk>/sign/", letter_views.sign, name="sign"),
    path("letters/<int:pk>/cancel/", letter_views.cancel, name="cancel"),
    path("children/<int:pk>/prepare/", letter_views.prepare, name="prepare"),
    path("children/<int:pk>/contact/", contact_views.contact, name="contact"),
    path("children/<int:pk>/contacts/", contact_views.contacts, name="contacts"),
    path("contacts/<int:pk>/strike/", contact_views.strike, name="strike_contact"),
    path("cards/", card_views.cards, name="cards"),
    path("cards/log/", card_log_views.card_log, name="card_log"),
    path("cards/issue/", card_views.issue, name="issue"),
    path("cards/<int:pk>/handed-over/", card_views.hand_over, name="hand_over"),
]
