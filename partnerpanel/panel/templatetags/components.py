"""Components with slots: `templates/components/<name>.html` rendered with exactly the parameters that it documents.

`{% component "badge" text=… %}` has no content. `{% blockcomponent "card" title=… %}…{% endblockcomponent %}` gives its
content as `content`; `{% fill "actions" %}…{% endfill %}` inside gives the named slot `actions`. A component sees its
parameters, its slots, `request` and the CSRF token, and nothing else of the page around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template import Library, Node, NodeList, TemplateSyntaxError
from django.template.base import token_kwargs
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from django.template import Context
    from django.template.base import FilterExpression, Parser, Token

register = Library()

_FILLED = "panel.filled_slots"
_HANDED_ON = ("request", "csrf_token")


class ComponentNode(Node):
    child_nodelists = ("body",)

    def __init__(self, name: FilterExpression, params: dict[str, FilterExpression], body: NodeList | None) -> None:
        self.name, self.params, self.body = name, params, body or NodeList()

    def render(self, context: Context) -> SafeString:
        engine = context.template.engine  # type: ignore[union-attr]
        template = engine.get_template(f"components/{self.name.resolve(context)}.html")
        values: dict[str, object] = {key: context.get(key) for key in _HANDED_ON}
        values |= {key: expression.resolve(context) for key, expression in self.params.items()}
        if self.body:
            values |= self._slots(context)
        return template.render(context.new(values))

    def _slots(self, context: Context) -> dict[str, SafeString]:
        outer = context.render_context.get(_FILLED)
        filled: dict[str, SafeString] = {}
        context.render_context[_FILLED] = filled
        try:
            content = self.body.render(context)
        finally:
            context.render_context[_FILLED] = outer
        return {**filled, "content": mark_safe(content.strip())}  # noqa: S308 rendered by the template engine just now


class FillNode(Node):
    child_nodelists = ("body",)

    def __init__(self, slot: str, body: NodeList) -> None:
        self.slot, self.body = slot, body

    def render(self, context: Context) -> SafeString:
        filled = context.render_context.get(_FILLED)
        if filled is None:
            raise TemplateSyntaxError(f"fill '{self.slot}' stands outside a blockcomponent")
        filled[self.slot] = mark_safe(self.body.render(context).strip())  # noqa: S308 rendered just now
        return mark_safe("")


def _name_and_params(parser: Parser, token: Token) -> tuple[FilterExpression, dict[str, FilterExpression]]:
    tag, *bits = token.split_contents()
    if not bits:
        raise TemplateSyntaxError(f"'{tag}' takes the component's name first")
    name, rest = parser.compile_filter(bits[0]), bits[1:]
    params = token_kwargs(rest, parser)
    if rest:
        raise TemplateSyntaxError(f"'{tag}' takes name=value after the component's name, not '{rest[0]}'")
    return name, params


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    name, params = _name_and_params(parser, token)
    return ComponentNode(name, params, None)


@register.tag
def blockcomponent(parser: Parser, token: Token) -> ComponentNode:
    name, params = _name_and_params(parser, token)
    body = parser.parse(("endblockcomponent",))
    parser.delete_first_token()
    return ComponentNode(name, params, body)


@register.tag
def fill(parser: Parser, token: Token) -> FillNode:
    bits = token.split_contents()
    if len(bits) != 2 or bits[1][0] not in "\"'":
        raise TemplateSyntaxError("'fill' takes the slot's name in quotes")
    body = parser.parse(("endfill",))
    parser.delete_first_token()
    return FillNode(bits[1][1:-1], body)
