"""A light WebSocket client on plain asyncio: thousands of them cost the machine less than what they measure."""

import asyncio
import base64
import os
import resource
import struct
from abc import ABC, abstractmethod
from typing import Any

HEADER = struct.Struct("!BB")
TEXT, PONG = 1, 10


def frame(text: bytes, opcode: int = TEXT) -> bytes:
    """A masked client frame; the mask is zero, which the protocol allows and costs nothing to make."""
    size = len(text)
    if size < 126:
        return HEADER.pack(0x80 | opcode, 0x80 | size) + b"\0\0\0\0" + text
    return HEADER.pack(0x80 | opcode, 0x80 | 126) + struct.pack("!H", size) + b"\0\0\0\0" + text


def raise_file_limit() -> None:
    """As many open files as this machine lets us have."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Line(asyncio.Protocol, ABC):
    """One socket; :meth:`on_open` is called after the upgrade, :meth:`on_text` for every text frame of the server."""

    transport: Any

    def __init__(self, host: str, origin: str, path: str) -> None:
        self.host, self.origin, self.path = host, origin, path
        self.buffer = b""
        self.upgraded = False

    def on_open(self) -> None:
        """Nothing to say by itself."""

    @abstractmethod
    def on_text(self, text: bytes) -> None:
        """A text frame of the server."""

    def send(self, text: bytes) -> None:
        self.transport.write(frame(text))

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: {self.host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: {self.origin}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        buffer = self.buffer + data if self.buffer else data
        if not self.upgraded:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                self.buffer = buffer
                return
            assert buffer.startswith(b"HTTP/1.1 101"), buffer[:200]
            self.upgraded = True
            buffer = buffer[end + 4 :]
            self.on_open()
        at, size = 0, len(buffer)
        while size - at >= 2:
            opcode, length, start = buffer[at] & 0x0F, buffer[at + 1] & 0x7F, at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, start = struct.unpack_from("!H", buffer, at + 2)[0], at + 4
            elif length == 127:
                if size - at < 10:
                    break
                length, start = struct.unpack_from("!Q", buffer, at + 2)[0], at + 10
            if size < start + length:
                break
            if opcode == 1:
                self.on_text(buffer[start : start + length])
            elif opcode == 9:  # a ping wants its pong, with the same words; otherwise the server hangs up
                self.transport.write(frame(buffer[start : start + length], PONG))
            at = start + length
        self.buffer = buffer[at:]
