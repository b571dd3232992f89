"""`python -m partnerpanel.embedded demo`, and `keep`, which the tests start by themselves."""

import argparse
import sys

from partnerpanel.embedded.keep import keep
from partnerpanel.embedded.state import State
from partnerpanel.embedded.supervisor import run_demo


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m partnerpanel.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="run everything with demo data until Ctrl-C")
    demo.add_argument("--port", type=int, default=8000)
    keeping = commands.add_parser("keep", help="hold servers for the tests until none of them is left")
    keeping.add_argument("state")
    asked = parser.parse_args()
    if asked.command == "demo":
        return run_demo(asked.port)
    keep(State.named(asked.state))
    return 0


if __name__ == "__main__":
    sys.exit(main())
