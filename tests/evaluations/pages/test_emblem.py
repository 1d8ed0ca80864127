"""The picture of a kind of instrument on pages that are of no run."""

from django.template import Context, Template

from evaluations.pages import kinds

EMBLEM = Template("{% load emblems %}{% emblem %}")


def test_the_first_kind_s_emblem_is_drawn():
    assert "The ring of social value orientation" in EMBLEM.render(Context())


def test_a_kind_without_an_emblem_leaves_nothing(monkeypatch):
    monkeypatch.setattr(kinds, "PAGES", {})
    assert EMBLEM.render(Context()) == ""
