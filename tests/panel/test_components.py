"""Components see their parameters, their slots and nothing else."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError


def rendered(source: str, **context: object) -> str:
    return Template("{% load components %}" + source).render(Context(context))


def test_a_block_component_puts_content_and_slots_in_their_places() -> None:
    html = rendered(
        '{% blockcomponent "card" title=title %}{% fill "footer" %}below{% endfill %}inside{% endblockcomponent %}',
        title="Facts & figures",
    )
    assert "Facts &amp; figures" in html
    assert html.index("inside") < html.index("below")


def test_a_component_does_not_see_the_page_around_it() -> None:
    assert "leak" not in rendered('{% component "empty" title="None" text="Add one." %}', icon="leak", content="leak")


def test_slots_of_nested_components_do_not_mix() -> None:
    html = rendered(
        '{% blockcomponent "card" title="Outer" %}'
        '{% blockcomponent "card" title="Inner" %}{% fill "footer" %}inner foot{% endfill %}x{% endblockcomponent %}'
        '{% fill "footer" %}outer foot{% endfill %}{% endblockcomponent %}'
    )
    assert html.index("Outer") < html.index("Inner") < html.index("inner foot") < html.index("outer foot")


def test_what_a_slot_holds_is_escaped_once() -> None:
    html = rendered('{% blockcomponent "alert" %}{{ name }}{% endblockcomponent %}', name="<b>&")
    assert "&lt;b&gt;&amp;" in html
    assert "&amp;lt;" not in html


def test_a_fill_outside_a_component_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="outside"):
        rendered('{% fill "footer" %}lost{% endfill %}')


def test_an_absent_action_says_why_and_cannot_be_clicked() -> None:
    html = rendered('{% component "menu_item" text="Reactivate" href="/x/" reason="Not suspended" %}')
    assert "Not suspended" in html
    assert "href" not in html
