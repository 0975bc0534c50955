"""The rules that hang in a Home, and the public page that its notice sheet leads to."""

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from communities.throttle import may
from homes.models import Home, PostedRule
from homes.models.posted_rule import post_rules
from homes.open_days import posted
from records.acting import act_once
from records.policy import visible_or_404
from records.text import CleanTextField

Kind = PostedRule.Kind


def usual(kind):
    """What a Home usually posts, in Chinese: it is Chinese children who read it. The office changes it as it likes."""
    with override("zh-hans"):
        return {
            Kind.STUDY: _(
                "Do your homework first, then play.\nSpeak softly in the reading corner.\n"
                "Put books back where they stood.\nAsk when you do not understand: somebody helps you."
            ),
            Kind.ACTIVITY: _(
                "Everybody may take part; nobody is laughed at.\nTake turns, and share what there is.\n"
                "Leave the room as you found it."
            ),
            Kind.MANAGEMENT: _(
                "The Home is free of charge for every child.\nSign in when you come and when you go.\n"
                "The telephone and the computer are there to talk with your parents: ask for a time.\n"
                "What is borrowed is written down and brought back."
            ),
            Kind.SAFETY: _(
                "Come and go by the safe way, the small ones with somebody older.\nDo not touch sockets and fire.\n"
                "Never go with a stranger; tell the person on duty.\nIn danger call 110, fire 119, injury 120."
            ),
        }[kind]


class RulesForm(forms.Form):
    """One field for each kind; empty: this rule does not hang."""

    def __init__(self, *args, home, **kwargs):
        super().__init__(*args, **kwargs)
        posted = dict(home.rules.values_list("kind", "text"))
        for kind in Kind:
            self.fields[kind.value] = CleanTextField(
                label=kind.label,
                required=False,
                max_length=1500,
                initial=posted.get(kind, "" if posted else usual(kind)),
                widget=forms.Textarea(attrs={"rows": 6}),
                show_hidden_initial=True,  # what was drawn comes back, so that nobody overwrites a colleague unseen
            )
        self.posted = posted

    @property
    def texts(self):
        """{kind: text} of what this person changed; at first all that was offered."""
        return {name: self.cleaned_data[name] for name in (self.changed_data if self.posted else self.fields)}

    @property
    def seen(self):
        """{kind: text} as the page was drawn; nothing hung where usual rules were offered."""
        if not self.posted:
            return {}
        return {
            name: field.to_python(self.data.get(self.add_initial_prefix(name))) for name, field in self.fields.items()
        }


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request, pk):
    home = visible_or_404(Home.objects.select_related("community"), request.user, "change", pk=pk)
    form = RulesForm(request.POST or None, home=home)

    def again():
        return render(
            request, "homes/rules.html", {"home": home, "form": form, "posted": home.rules.hanging().exists()}
        )

    if request.method != "POST":
        return again()
    return act_once(
        request,
        lambda _data: post_rules(home, form.texts, seen=form.seen, by=request.user),
        to=home,
        said=_("The rules are kept. Print them and hang them up."),
        form=form,
        again=again,
    )


@require_safe
@never_cache
def notice(request, code):
    """For everybody who reads the code on the door: when the Home is open and what its rules are. It names nobody."""
    if not may(request, "public_look"):
        return render(request, "homes/notice.html", {"is_too_often": True}, status=429)
    home = Home.objects.filter(community=code, closed_on=None).first()
    if home is None:
        raise Http404
    return render(request, "homes/notice.html", {"home": home, **posted(home), "rules": home.rules.hanging()})
