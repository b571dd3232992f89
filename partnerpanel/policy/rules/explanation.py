"""One explanation of a policy for everybody: the days of an example, and the whole policy as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.sentences import Sentence, sentences
from partnerpanel.policy.rules.timeline import Entry, Example, timeline


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the policy does to the example, day by day, and what it says."""

    resolved: ResolvedPolicy
    example: Example
    days: tuple[Entry, ...]
    sentences: tuple[Sentence, ...]

    def about(self, key: str) -> Sentence:
        """The sentence that tells this key. Every key has one."""
        return next(sentence for sentence in self.sentences if key in sentence.keys)


def explain(resolved: ResolvedPolicy, example: Example) -> Explanation:
    """The same words for Settings, the panel's banners, the portal and mails."""
    return Explanation(resolved, example, tuple(timeline(resolved, example)), tuple(sentences(resolved, example)))


def told_otherwise(before: Explanation, after: Explanation) -> Iterator[tuple[Sentence | None, Sentence | None]]:
    """Sentences that differ, before and after; None where one of them says nothing."""
    was = {sentence.keys: sentence for sentence in before.sentences}
    will = {sentence.keys: sentence for sentence in after.sentences}
    for keys in dict.fromkeys([*was, *will]):
        if was.get(keys) != will.get(keys):
            yield was.get(keys), will.get(keys)
