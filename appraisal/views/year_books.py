"""Year books: those there are, and making one."""

from django import forms
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from appraisal.jobs import MAKE
from appraisal.lists import YEARS_BACK
from appraisal.models import YearBook
from communities.models import Division
from records import jobs
from records.acting import act_once
from records.scoping import Scope

BOOKS_SHOWN = 100


class MakeForm(forms.Form):
    division = forms.ModelChoiceField(Division.objects.none(), label=gettext_lazy("Of"))
    year = forms.TypedChoiceField(coerce=int, label=gettext_lazy("Year"))

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        own = Division.objects.within(Scope.of(*by.codes_for(YearBook, "add")))
        read = Division.objects.filter(pk__in=by.codes_for(YearBook, "read"), level="district")
        self.fields["division"].queryset = (own.exclude(level="district") | read).order_by("code")
        this = timezone.localdate().year
        self.fields["year"].choices = [(year, year) for year in range(this, this - YEARS_BACK, -1)]


@require_http_methods(["GET", "HEAD", "POST"])
def books(request):
    form = MakeForm(request.POST or None, by=request.user)

    def again():
        rows = YearBook.objects.visible_to(request.user).select_related("division", "made_by")
        context = {"books": rows.exclude(made_at=None).defer("figures")[:BOOKS_SHOWN], "form": form}
        return render(request, "year_book/books.html", context)

    def act(data):
        book = YearBook.begin(data["division"], data["year"], by=request.user)
        return jobs.ask(MAKE, book.pk, by=request.user, leads_to=book.get_absolute_url(), back_to=request.path)

    if request.method != "POST":
        return again()
    return act_once(request, act, form=form, again=lambda: again() if form.errors else redirect(request.path))
