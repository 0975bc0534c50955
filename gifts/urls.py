from django.urls import path

from gifts import drive_views, stock_views, views, wish_views

app_name = "gifts"
urlpatterns = [
    path("", views.gifts, name="gifts"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.gift, name="gift"),
    path("<int:pk>/void/", views.void, name="void"),
    path("stock/", stock_views.stock, name="stock"),
    path("stock/<int:pk>/", stock_views.line, name="line"),
    path("stock/<int:pk>/give/", stock_views.give, name="give"),
    path("stock/<int:pk>/give-home/", stock_views.give_home, name="give_home"),
    path("stock/<int:pk>/count/", stock_views.count, name="count"),
    path("handed-out/<int:pk>/", stock_views.hand_out, name="hand_out"),
    path("handed-out/<int:pk>/take-back/", stock_views.take_back, name="take_back"),
    path("handed-out/<int:pk>/sheet/", stock_views.scan, name="scan"),
    path("ledger/", stock_views.ledger, name="ledger"),
    path("wishes/", wish_views.wishes, name="wishes"),
    path("wishes/of/<int:pk>/", wish_views.write, name="write"),
    path("wishes/<int:pk>/", wish_views.wish, name="wish"),
    path("wishes/<int:pk>/words/", wish_views.rewrite, name="rewrite"),
    path("wishes/<int:pk>/show/", wish_views.show, name="show_wish"),
    path("wishes/<int:pk>/take/", wish_views.take, name="take_wish"),
    path("wishes/<int:pk>/fulfil/", wish_views.fulfil, name="fulfil_wish"),
    path("wishes/<int:pk>/give-up/", wish_views.give_up, name="give_up_wish"),
    path("wishes/<int:pk>/end/", wish_views.end, name="end_wish"),
    path("drives/", drive_views.drives, name="drives"),
    path("drives/new/", drive_views.new_drive, name="new_drive"),
    path("drives/<int:pk>/", drive_views.drive, name="drive"),
    path("drives/<int:pk>/change/", drive_views.change_drive, name="change_drive"),
    path("givers/", views.givers, name="givers"),
    path("givers/new/", views.new_giver, name="new_giver"),
    path("givers/<int:pk>/", views.giver, name="giver"),
    path("givers/<int:pk>/change/", views.change_giver, name="change_giver"),
    path("givers/<int:pk>/forget/", views.forget_giver, name="forget"),
    path("givers/<int:pk>/phone/", views.reveal, name="reveal"),
]
