"""`python -m partnerpanel.embedded demo`, and `keep`, which the tests start by themselves."""

import argparse
import sys

from partnerpanel.embedded.keep import keep
from partnerpanel.embedded.state import State


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m partnerpanel.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    keeping = commands.add_parser("keep", help="hold servers for the tests until none of them is left")
    keeping.add_argument("state")
    asked = parser.parse_args()
    keep(State.named(asked.state))
    return 0


if __name__ == "__main__":
    sys.exit(main())
