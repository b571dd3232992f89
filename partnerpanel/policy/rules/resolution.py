"""Which value counts: platform → partner → plan → customer → subscription, per key the most specific."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from partnerpanel.policy.rules.documents import dump, read
from partnerpanel.policy.rules.kinds import Document, Json
from partnerpanel.policy.rules.policy import KEYS, LifecyclePolicy, key_named
from partnerpanel.policy.rules.presets import DOCUMENTS, VERSION, Preset
from partnerpanel.policy.rules.shape import built


class SourceKind(StrEnum):
    """Who said a value, from the most general to the most specific.

    `platform` is what holds for a partner that chose nothing, `preset` what the preset it chose says.
    """

    PLATFORM = "platform"
    PRESET = "preset"
    PARTNER = "partner"
    PLAN = "plan"
    CUSTOMER = "customer"
    SUBSCRIPTION = "subscription"


RANK: Mapping[SourceKind, int] = {kind: rank for rank, kind in enumerate(SourceKind)}


@dataclass(frozen=True, slots=True)
class Source:
    """`id` is the name of a preset or the UUID of what the layer belongs to; `version` counts per `id`."""

    kind: SourceKind
    id: str
    version: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}@{self.version}"


@dataclass(frozen=True, slots=True)
class Layer:
    """What one source says: a document that may be partial."""

    source: Source
    document: Document


PLATFORM = Layer(Source(SourceKind.PLATFORM, Preset.STANDARD, VERSION), DOCUMENTS[Preset.STANDARD])


def preset_layer(preset: Preset) -> Layer:
    """The layer of a preset that a partner has chosen as its base."""
    return Layer(Source(SourceKind.PRESET, preset, VERSION), DOCUMENTS[preset])


@dataclass(frozen=True, slots=True)
class ResolvedPolicy:
    """A complete policy that remembers for every key who said so."""

    policy: LifecyclePolicy
    sources: Mapping[str, Source]

    def source(self, key: str) -> Source:
        """Who said the key's value. Raises InvalidPolicy for an unknown key."""
        return self.sources[key_named(key).name]

    def cited(self, *keys: str) -> dict[str, str]:
        """Keys and their sources as a derivation keeps them."""
        return {key: str(self.source(key)) for key in keys}

    def snapshot(self) -> dict[str, Json]:
        """Plain JSON that holds every value and its source; what a collection case pins when it opens."""
        by_source: dict[Source, list[Json]] = {}
        for key in KEYS:
            by_source.setdefault(self.sources[key], []).append(key)
        sources: list[Json] = [
            {"kind": source.kind.value, "id": str(source.id), "version": source.version, "keys": keys}
            for source, keys in by_source.items()
        ]
        return {"document": dump(self.policy), "sources": sources}

    @staticmethod
    def from_snapshot(snapshot: Mapping[str, Any]) -> ResolvedPolicy:
        """The inverse of `snapshot`. A key that came into being since then has the platform's value.

        Raises InvalidPolicy for a key or value that no policy has any more.
        """
        return _from_snapshot(json.dumps(snapshot))


# The cases that are open at one time have few policies between them.
@lru_cache(maxsize=200)
def _from_snapshot(text: str) -> ResolvedPolicy:
    snapshot = json.loads(text)
    sources = {
        key: Source(SourceKind(row["kind"]), row["id"], row["version"])
        for row in snapshot["sources"]
        for key in row["keys"]
    }
    values = read(PLATFORM.document) | read(snapshot["document"])
    return ResolvedPolicy(built(LifecyclePolicy, values), {key: sources.get(key, PLATFORM.source) for key in KEYS})


def resolve(layers: Iterable[Layer]) -> ResolvedPolicy:
    """The layers above the platform's, in whatever order they come. Raises InvalidPolicy for a wrong document."""
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for layer in sorted([PLATFORM, *layers], key=lambda layer: RANK[layer.source.kind]):
        values |= read(layer.document)
        sources |= dict.fromkeys(layer.document, layer.source)
    return ResolvedPolicy(built(LifecyclePolicy, values), sources)


# What holds where nobody has said anything.
PLATFORMS = resolve(())
