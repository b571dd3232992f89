"""Reading one source of a mapping from plain data; every error says where it stands and what belongs there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from partnerpanel.imports.rules.mapping import (
    Case,
    Column,
    Constant,
    MonthsBeforeNow,
    Placeholder,
    Source,
    Take,
    Template,
    When,
)
from partnerpanel.kernel.errors import DomainError

TAKES = ("column", "template", "constant", "when", "months_before_now")
EXTRAS = ("blank_means", "choose", "otherwise", "optional", "split")
FILTERS = ("lower", "upper", "slug")
_HOLE = re.compile(r"\{([^{}|]+)((?:\|[a-z]+)*)\}")


class InvalidMapping(DomainError):
    """A mapping that says something impossible; `field` is the place in it, such as `customer.email`."""

    code = "invalid_mapping"


def read_source(data: object, at: str) -> Source:
    """A source from `{column: …}`, `{template: …}` and so on. Raises InvalidMapping."""
    if not isinstance(data, dict):
        raise wrong(at, f"says {data!r}, but where a value comes from is written as {{column: …}} or {{constant: …}}")
    keys = [key for key in TAKES if key in data]
    if unknown := sorted(str(key) for key in data if key not in (*TAKES, *EXTRAS)):
        raise wrong(at, f"“{unknown[0]}” is no key here; there are {', '.join((*TAKES, *EXTRAS))}")
    if len(keys) != 1:
        raise wrong(at, f"takes its value from exactly one of {', '.join(TAKES)}, not from {len(keys)}")
    if "optional" in data and keys != ["column"]:
        raise wrong(f"{at}.optional", "belongs to a column")
    return Source(
        take=_take(keys[0], data, at),
        blank_means=text(data["blank_means"], f"{at}.blank_means") if "blank_means" in data else None,
        choose=_choose(data["choose"], f"{at}.choose") if "choose" in data else None,
        otherwise=text(data["otherwise"], f"{at}.otherwise") if "otherwise" in data and keys != ["when"] else None,
        split=text(data["split"], f"{at}.split") if "split" in data else None,
    )


def text(data: object, at: str) -> str:
    """A text or a whole number. YAML reads an unquoted Yes, 1.50 or 2024-01-31 as something else, and says so."""
    if isinstance(data, str):
        return data
    if isinstance(data, int) and not isinstance(data, bool):
        return str(data)
    raise wrong(at, f"was read as {data!r} and not as text; put it in quotes")


def flag(data: object, at: str) -> bool:
    if not isinstance(data, bool):
        raise wrong(at, f"is true or false, not {data!r}")
    return data


def wrong(at: str, what: str) -> InvalidMapping:
    return InvalidMapping(f"{at}: {what}.", field=at)


def _take(key: str, data: Mapping[str, Any], at: str) -> Take:
    value, here = data[key], f"{at}.{key}"
    if key == "column":
        return Column(text(value, here), flag(data.get("optional", False), f"{at}.optional"))
    if key == "constant":
        return Constant(text(value, here))
    if key == "template":
        return _template(text(value, here), here)
    if key == "months_before_now":
        return MonthsBeforeNow(read_source(value if isinstance(value, dict) else {"constant": value}, here))
    if not isinstance(value, list) or not value:
        raise wrong(here, "is a list of cases such as {column: Churn, is: [“Yes”], then: {constant: ended}}")
    otherwise = data.get("otherwise", {"constant": ""})
    otherwise = otherwise if isinstance(otherwise, dict) else {"constant": otherwise}
    cases = tuple(_case(case, f"{here}[{number}]") for number, case in enumerate(value, start=1))
    return When(cases, read_source(otherwise, f"{at}.otherwise"))


def _case(data: object, at: str) -> Case:
    if not isinstance(data, dict) or set(data) != {"column", "is", "then"}:
        raise wrong(at, "has exactly the keys column, is and then")
    values = data["is"] if isinstance(data["is"], list) else [data["is"]]
    then = data["then"] if isinstance(data["then"], dict) else {"constant": data["then"]}
    return Case(
        column=text(data["column"], f"{at}.column"),
        values=frozenset(text(value, f"{at}.is") for value in values),
        then=read_source(then, f"{at}.then"),
    )


def _choose(data: object, at: str) -> dict[str, str]:
    if not isinstance(data, dict) or not data:
        raise wrong(at, "lists what each value of the file stands for, such as {“Yes”: Paperless}")
    return {text(key, at): text(value, f"{at}.{key}") for key, value in data.items()}


def _template(pattern: str, at: str) -> Template:
    parts: list[str | Placeholder] = []
    position = 0
    for hole in _HOLE.finditer(pattern):
        parts += [pattern[position : hole.start()]] if hole.start() > position else []
        filters = tuple(hole[2].split("|")[1:])
        if unknown := [name for name in filters if name not in FILTERS]:
            raise wrong(at, f"“{unknown[0]}” is no filter; there are {', '.join(FILTERS)}")
        parts.append(Placeholder(hole[1].strip(), filters))
        position = hole.end()
    parts += [pattern[position:]] if position < len(pattern) else []
    if any(isinstance(part, str) and set("{}") & set(part) for part in parts):
        raise wrong(at, f"“{pattern}” has a brace without its partner; a placeholder is written {{Column|lower}}")
    return Template(tuple(parts))
