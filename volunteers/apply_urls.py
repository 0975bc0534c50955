from django.urls import path, register_converter

from volunteers import applying


class NumberToQuote:
    regex = "[2-9A-Z]{4}-[2-9A-Z]{4}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(NumberToQuote, "number_to_quote")

app_name = "apply"
urlpatterns = [
    path("", applying.where, name="where"),
    path("sent/<number_to_quote:quote>/", applying.sent, name="sent"),
    path("<slug:code>/", applying.offer, name="offer"),
]
