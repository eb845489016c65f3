"""A management server that keeps the ADS stream of one proxy open and has nothing to say: to each first request for a
type it answers with no resources. Just as much of HTTP/2 and gRPC as that takes."""

import re
import socket
import struct
import threading

DATA, HEADERS, SETTINGS, PING, WINDOW_UPDATE = 0, 1, 4, 6, 8
ACK, END_HEADERS = 1, 4
PREFACE = 24
# :status 200 by its index; content-type by its index, not indexed, as a literal.
OK = b"\x88\x0f\x10\x10application/grpc"
ANSWERED = re.compile(rb"type\.googleapis\.com/envoy\.config\.(?:cluster\.v3\.Cluster|listener\.v3\.Listener)")


class Management:
    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=_Stream(peer).serve, daemon=True).start()


class _Stream:
    def __init__(self, peer):
        self.peer = peer
        self.pending = {}
        self.answered = set()

    def serve(self):
        try:
            self._exactly(PREFACE)
            self._send(SETTINGS, 0, 0, b"")
            while True:
                self._frame()
        except (OSError, EOFError):
            self.peer.close()

    def _frame(self):
        head = self._exactly(9)
        length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
        stream = int.from_bytes(head[5:], "big") & 0x7FFFFFFF
        payload = self._exactly(length)
        if kind == SETTINGS and not flags & ACK:
            self._send(SETTINGS, ACK, 0, b"")
        elif kind == PING and not flags & ACK:
            self._send(PING, ACK, 0, payload)
        elif kind == DATA and payload:
            for where in (0, stream):
                self._send(WINDOW_UPDATE, 0, where, struct.pack(">I", length))
            self._messages(stream, payload)

    def _messages(self, stream, payload):
        pending = self.pending.get(stream, b"") + payload
        while len(pending) >= 5 and len(pending) >= 5 + int.from_bytes(pending[1:5], "big"):
            end = 5 + int.from_bytes(pending[1:5], "big")
            self._request(stream, pending[5:end])
            pending = pending[end:]
        self.pending[stream] = pending

    def _request(self, stream, message):
        asked = ANSWERED.search(message)
        if not asked or (stream, asked.group()) in self.answered:
            return
        if not any(known == stream for known, _ in self.answered):
            self._send(HEADERS, END_HEADERS, stream, OK)
        self.answered.add((stream, asked.group()))
        answer = _text(1, b"1") + _text(4, asked.group()) + _text(5, b"1")
        self._send(DATA, 0, stream, b"\0" + struct.pack(">I", len(answer)) + answer)

    def _send(self, kind, flags, stream, payload):
        self.peer.sendall(struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload)

    def _exactly(self, count):
        got = b""
        while len(got) < count:
            more = self.peer.recv(count - len(got))
            if not more:
                raise EOFError
            got += more
        return got


def _text(field, value):
    """A protobuf field of text below 128 bytes."""
    return bytes((field << 3 | 2, len(value))) + value
