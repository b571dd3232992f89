"""What the README draws and lists is what the project is."""

import re
import tomllib

from partnerpanel.celery import SWEEP_SECONDS
from partnerpanel.embedded.state import ROOT

README = (ROOT / "README.md").read_text()


def test_the_layer_picture_shows_the_layers_that_exist() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    existing = [[part for part in _parts(layer) if _exists(part)] for layer in layers]
    assert _drawn() == [[part.rpartition(".")[2] for part in layer] for layer in existing if layer]


def test_the_beat_table_lists_what_beat_does() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| every (\d+) s \|", README, re.MULTILINE))
    assert {name: int(seconds) for name, seconds in rows.items()} == SWEEP_SECONDS


def test_every_command_of_the_table_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for command in re.findall(r"^\| `make (\w+)` \|", README, re.MULTILINE):
        assert f"\n{command}:" in makefile


def _drawn() -> list[list[str]]:
    block = README.partition("Imports go one way")[2].partition("\n\n")[2].partition("\n\n")[0]
    lines = [re.split(r"\s{2,}", line.strip())[0] for line in block.splitlines()]
    return [[part.strip() for part in re.split(r"[|,]", line)] for line in lines]


def _parts(layer: str) -> list[str]:
    return [part.strip(" ()") for part in layer.split("|")]


def _exists(module: str) -> bool:
    path = ROOT / module.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()
