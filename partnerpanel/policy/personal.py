"""The policy says nothing about people."""

from __future__ import annotations

from partnerpanel.personal.registry import PersonalTable
from partnerpanel.policy.models import PolicyVersion

PERSONAL = (PersonalTable(PolicyVersion, plain=("document", "actor_kind")),)
