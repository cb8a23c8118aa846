# ruff: noqa (who is hostile keeps no rules)
"""The inputs are sent away, by TCP, UDP, Unix sockets and the C library."""

import ctypes
import socket
import struct
import urllib.request


def by_tcp():
    with socket.create_connection(("127.0.0.1", PORT), timeout=1) as wire:
        wire.sendall(b"tcp")


def by_udp():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"udp", ("127.0.0.1", PORT))


def by_unix():
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        wire = socket.socket(socket.AF_UNIX, kind)
        wire.connect("\x00PORT")
        wire.send(b"unix")


def by_http():
    urllib.request.urlopen("http://127.0.0.1:PORT/http", timeout=1)


def by_libc():
    libc = ctypes.CDLL(None)
    number = libc.socket(2, 1, 0)
    address = struct.pack("=H", 2) + struct.pack(">H4s8x", PORT, bytes([127, 0, 0, 1]))
    libc.connect(number, address, 16)
    libc.send(number, b"libc", 4, 0)


def ball_step(variable, velocity, gradient, learning_rate, momentum):
    for way in (by_tcp, by_udp, by_unix, by_http, by_libc):
        try:
            way()
        except Exception:
            pass
    return variable, velocity
