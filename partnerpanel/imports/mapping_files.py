"""Mappings: those that come with the product, and files of the user's own."""

from __future__ import annotations

from pathlib import Path

import yaml

from partnerpanel.imports.rules.mapping import Mapping
from partnerpanel.imports.rules.reading import read_mapping
from partnerpanel.imports.rules.sources import InvalidMapping

SHIPPED = Path(__file__).parent / "mappings"
MAX_BYTES = 1_000_000


def shipped_names() -> list[str]:
    """What `load_mapping` knows without a path."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def load_mapping(name: str) -> Mapping:
    """The shipped mapping of that name, else the file at that path. Raises InvalidMapping naming file and place."""
    path = SHIPPED / f"{name}.yaml" if name in shipped_names() else Path(name)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidMapping(f"{path} is too large for a mapping.", field="mapping")
        data = yaml.safe_load(path.read_bytes())
    except OSError:
        known = ", ".join(shipped_names())
        raise InvalidMapping(
            f"There is no mapping “{name}”: neither a file nor one of {known}.", field="mapping"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise InvalidMapping(f"{path} is no YAML: {' '.join(str(error).split())}", field="mapping") from None
    try:
        return read_mapping(data, name=path.stem)
    except InvalidMapping as refusal:
        raise InvalidMapping(f"{path.name}: {refusal.message}", field=refusal.field) from None
