"""A text of mails is written with its preview beside it, and what is hostile in it is shown and never run."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.at_rest import at_rest
from tests.browser import PHONE, Theme, no_complaints, scrolls_sideways, serious_findings
from tests.panel.conftest import Visit
from tests.people import make_team

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BY_DAY, BY_NIGHT = "rgb(244, 245, 247)", "rgb(13, 13, 17)"
HOSTILE = "<img src=x onerror=alert(1)> <script>alert(1)</script> [x](javascript:alert(1)) {{ customer.name }}"


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (PHONE, "dark")])
def test_a_text_is_written_looked_at_and_saved(visit: Visit, width: int, theme: Theme) -> None:
    team = make_team("eastwind")
    page = visit(f"/panel/{team.partner.slug}/settings/messages/", user=team.owner.user, width=width, theme=theme)
    with no_complaints(page):
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
        page.get_by_role("link", name="Subscription cancelled, English").click()
        preview = page.locator("#text-preview")
        mail = preview.frame_locator(".mail-frame").locator("body")
        expect(mail).to_contain_text("Hello Anna Berger")
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
        page.get_by_role("textbox", name="Text", exact=True).fill(HOSTILE)
        expect(mail).to_contain_text("<script>alert(1)</script>")
        expect(preview).to_contain_text("The text that comes with PartnerPanel says more")
        expect(mail.locator("img, script, [onerror], .letter a[href]")).to_have_count(0)
        page.get_by_role("button", name="Your support address").click()
        expect(mail).to_contain_text("help@eastwind.example")
        expect(mail).to_have_css("background-color", BY_DAY)
        page.emulate_media(color_scheme="null")
        preview.get_by_label("In the dark").check()
        expect(mail).to_have_css("background-color", BY_NIGHT)
        page.get_by_role("button", name="Your support address").click()
        expect(mail).to_contain_text("help@eastwind.examplehelp@eastwind.example")
        expect(mail).to_have_css("background-color", BY_NIGHT)
        preview.get_by_label("Plain text").check()
        expect(preview.locator(".mail-as-plain")).to_be_visible()
        preview.get_by_label("Phone").check()
        at_rest(page)
        assert preview.locator(".mail-shown").bounding_box()["width"] <= 322  # type: ignore[index]
        page.get_by_role("textbox", name="Text", exact=True).fill("{{ settings.SECRET_KEY }}")
        expect(preview).to_contain_text("names “settings.SECRET_KEY”")
        page.get_by_role("textbox", name="Text", exact=True).fill("Dear {{ customer.name }}")
        page.get_by_role("button", name="Save text").click()
        expect(page.get_by_text("It is used from the next mail on.")).to_be_visible()
        expect(page.locator("#history")).to_contain_text("Text changed")
        assert serious_findings(page) == []
        assert not scrolls_sideways(page)
