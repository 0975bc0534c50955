from django.urls import path

from appraisal.views import year_books

app_name = "year_book"
urlpatterns = [path("", year_books.books, name="books")]
