"""Static files as production serves them: every file that another one names is there."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import Settings


@pytest.mark.skipif(
    not any(Path(folder).exists() for folder in settings.STATICFILES_DIRS),
    reason="assets are not built; run `make assets`",
)
def test_nothing_refers_to_a_file_that_is_not_there(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
