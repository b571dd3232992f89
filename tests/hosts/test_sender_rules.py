"""Addresses that mails may come from, and what is made of the records of a domain."""

from __future__ import annotations

import pytest

from partnerpanel.hosts.senders.rules.addresses import InvalidSender, sender_address
from partnerpanel.hosts.senders.rules.records import (
    Finding,
    Found,
    Record,
    Setup,
    is_proved,
    judged_alias,
    judged_dmarc,
    judged_key,
    judged_ownership,
    judged_spf,
    kept,
    wanted,
)
from partnerpanel.hosts.senders.rules.spf import policy_of, with_include

OWN = ["panel.example.com", ".wild.example.net", "spf.panel.example.com"]
DOMAIN, INCLUDE = "partner.de", "spf.panel.example.com"
BOTH = Setup(INCLUDE, "panel", "panel._domainkey.panel.example.com", is_relayed=False)
KEY = "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" billing@Partner.DE ", "billing@partner.de"),
        ("Anna.B+x@bäckerei.de", "Anna.B+x@xn--bckerei-5wa.de"),
        ("a@b.partner.example", "a@b.partner.example"),
    ],
)
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert sender_address(text, own=OWN) == (address, address.rpartition("@")[2])


@pytest.mark.parametrize(
    "text",
    ["", "@", "billing", "billing@", "@partner.de", "billing@partner", "billing@localhost", "billing@127.0.0.1",
     "billing@[127.0.0.1]", "billing@partner.de:25", "a b@partner.de", "a@b@partner.de", '"a b"@partner.de',
     "billing@partner.de\nBcc: all@partner.de", "billing\r\nBcc:x@partner.de", "b\x00@partner.de", "ünder@partner.de",
     "Anna <a@partner.de>", "a@partner.de>", "a@partner.de,b@partner.de", ".a@partner.de", "a..b@partner.de",
     "a" * 65 + "@partner.de", "a@" + "x" * 64 + ".de", "a@partner.de\u2028", "a@part\u200bner.de.", "a@-b.de",
     "a@b.internal", "a@partner.de/x"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    try:
        address, _domain = sender_address(text, own=OWN)
    except InvalidSender:
        return
    # What IDNA folds away is gone for good.
    assert address == "a@partner.de"


@pytest.mark.parametrize(
    "domain",
    ["panel.example.com", "x.panel.example.com", "PANEL.example.com.", "wild.example.net", "a.wild.example.net"],
)
def test_the_installations_own_domains_are_refused(domain: str) -> None:
    with pytest.raises(InvalidSender) as refused:
        sender_address(f"billing@{domain}", own=OWN)
    assert refused.value.details["reason"] == "sender_is_ours"
    assert sender_address("billing@panel.example.com.partner.de", own=OWN)


# -- SPF ------------------------------------------------------------------------------------------------------------
def spf(*records: str, **others: str) -> Finding:
    there = {INCLUDE: ["v=spf1 ip4:192.0.2.1 -all"], **{name: [text] for name, text in others.items()}}
    return judged_spf(
        policy_of(DOMAIN, INCLUDE, lambda name: list(records) if name == DOMAIN else there.get(name, []))
    ).finding


def test_spf_is_right_where_it_includes_us_itself_or_by_another() -> None:
    assert spf(f"v=spf1 include:{INCLUDE} ~all") is Finding.RIGHT
    assert spf(f"V=SPF1 a mx +include:{INCLUDE.upper()} -all", "some other text") is Finding.RIGHT
    assert spf("v=spf1 include:b.de -all", **{"b.de": f"v=spf1 include:{INCLUDE} -all"}) is Finding.RIGHT
    assert spf("v=spf1 redirect=b.de", **{"b.de": f"v=spf1 include:{INCLUDE} -all"}) is Finding.RIGHT


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 -all",
        "v=spf1",
        f"v=spf1 -all include:{INCLUDE}",
        f"v=spf1 -include:{INCLUDE} ~all",
        f"v=spf1 ?include:{INCLUDE} ~all",
        f"v=spf1 include:{INCLUDE}.evil.de ~all",
        f"v=spf1 all redirect={INCLUDE}",
        "v=spf1 include:%{i}.b.de ~all",
    ],
)
def test_spf_that_does_not_let_us_send_is_another_value(record: str) -> None:
    assert spf(record) is Finding.OTHER


def test_spf_is_missing_twice_or_too_long() -> None:
    assert spf() is Finding.MISSING
    assert spf("v=spf10 all", "google-site-verification=x") is Finding.MISSING
    assert spf(f"v=spf1 include:{INCLUDE} -all", "v=spf1 -all") is Finding.SEVERAL
    ten = " ".join(f"a:{n}.de" for n in range(9))
    assert spf(f"v=spf1 {ten} include:{INCLUDE} -all") is Finding.RIGHT
    assert spf(f"v=spf1 {ten} mx include:{INCLUDE} -all") is Finding.TOO_MANY


def test_records_that_include_one_another_come_to_an_end() -> None:
    asked: list[str] = []

    def texts(name: str) -> list[str]:
        asked.append(name)
        return ["v=spf1 include:a.de include:b.de -all"]

    assert judged_spf(policy_of(DOMAIN, INCLUDE, texts)).finding is Finding.TOO_MANY
    assert len(asked) < 15


def test_the_record_that_is_there_is_shown_with_us_in_it() -> None:
    assert with_include("v=spf1 include:b.de ~all", INCLUDE) == f"v=spf1 include:b.de include:{INCLUDE} ~all"
    assert with_include("v=spf1 mx redirect=b.de", INCLUDE) == f"v=spf1 mx include:{INCLUDE} redirect=b.de"
    found = kept({"spf": Found(Finding.OTHER, ("v=spf1 mx -all",)).as_data()})
    rows = {one.record: one for one in wanted("a@partner.de", DOMAIN, "token", setup=BOTH, found=found)}
    assert rows[Record.SPF].value == f"v=spf1 mx include:{INCLUDE} -all"
    assert rows[Record.DKIM].name == "panel._domainkey.partner.de"
    assert rows[Record.OWNERSHIP].name == "_partnerpanel.partner.de"


# -- the others -----------------------------------------------------------------------------------------------------
def test_a_key_is_found_by_its_host_or_by_itself() -> None:
    assert judged_alias("Panel._domainkey.panel.example.com.".lower(), BOTH.key).finding is Finding.RIGHT
    assert judged_alias("other.de", BOTH.key) == Found(Finding.OTHER, ("other.de",))
    assert judged_alias("", BOTH.key).finding is Finding.MISSING
    assert judged_key(["k=rsa;p=MIIBIjANBgkqhkiG9w0 BAQEFAAOCAQ8A"], KEY).finding is Finding.RIGHT
    assert judged_key(["v=DKIM1; p="], KEY).finding is Finding.OTHER
    assert judged_key([KEY, KEY], KEY).finding is Finding.SEVERAL
    assert judged_key(["v=spf1 -all"], KEY).finding is Finding.MISSING


@pytest.mark.parametrize(
    ("texts", "finding"),
    [
        ([], Finding.MISSING),
        (["v=DMARC1; p=none"], Finding.ASKS_NOTHING),
        (["v=DMARC1;p=reject; rua=mailto:a@b.de"], Finding.RIGHT),
        (["v=DMARC1; p=quarantine"], Finding.RIGHT),
        (["v=DMARC1"], Finding.ASKS_NOTHING),
        (["v=DMARC1; p=none", "v=DMARC1; p=none"], Finding.SEVERAL),
        (["something"], Finding.MISSING),
    ],
)
def test_dmarc_is_told_by_what_it_asks(texts: list[str], finding: Finding) -> None:
    assert judged_dmarc(texts).finding is finding


def test_ownership_and_one_of_spf_and_dkim_prove_a_sender() -> None:
    def proved(*records: Record, setup: Setup = BOTH) -> bool:
        return is_proved({**kept({}), **dict.fromkeys(records, Found(Finding.RIGHT))}, setup=setup)

    assert proved(Record.OWNERSHIP, Record.SPF)
    assert proved(Record.OWNERSHIP, Record.DKIM)
    assert not proved(Record.OWNERSHIP, Record.DMARC)
    assert not proved(Record.SPF, Record.DKIM)
    relayed = Setup(INCLUDE, "panel", KEY, is_relayed=True)
    assert not proved(Record.OWNERSHIP, Record.SPF, setup=relayed)
    assert proved(Record.OWNERSHIP, Record.DKIM, setup=relayed)
    assert not proved(Record.OWNERSHIP, Record.DKIM, setup=Setup(INCLUDE, "", "", is_relayed=False))
    assert judged_ownership(["a", "token"], "token").finding is Finding.RIGHT
    assert judged_ownership(["a"], "token").finding is Finding.OTHER
