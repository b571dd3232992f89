"""Loopback ports."""

import socket

LOOPBACK = "127.0.0.1"


def free_port(wanted: int = 0) -> int:
    """A port nobody listens on: the wanted one where it is free, else one the system picks."""
    for candidate in (wanted, 0):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((LOOPBACK, candidate))
            except OSError:
                continue
            return int(listener.getsockname()[1])
    raise OSError("no free loopback port")


def answers(port: int) -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex((LOOPBACK, port)) == 0
