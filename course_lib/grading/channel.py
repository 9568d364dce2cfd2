"""Plain data over a socket, a frame at a time: four bytes of length, then the bytes of `course_lib.wire`.

Used on both sides. The scorer's side is fed by code it does not trust: sizes are checked before memory is taken,
and whatever is no well-formed frame is `Broken`.
"""

import struct
import time

from course_lib import wire

LENGTH = struct.Struct(">I")
BLOCK = 1 << 16  # bytes that are read at a time
LARGEST_FRAME = 4_000_000  # bytes; an honest answer has some hundreds


class Broken(Exception):
    """What arrived is no frame of ours."""


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """The other side did not answer, or did not listen, in time."""


class Channel:
    """One end of a connected socket.

    Args:
        sock: the socket.
        ahead: whether to read beyond the end of a frame, which costs a call of the system less; not where somebody else
            reads from the socket too.
    """

    def __init__(self, sock, ahead=True):
        self.sock, self.ahead, self.taken, self.rest = sock, ahead, 0, bytearray()

    def send(self, value, seconds=None):
        """Send a plain value.

        Raises:
            WireError: the value is no plain data, or too large.
            Closed, Late: nobody listens.
        """
        data = wire.dumps(value)
        if len(data) > LARGEST_FRAME:
            raise wire.WireError(f"A frame holds at most {LARGEST_FRAME} bytes, not {len(data)}.")
        try:
            self.sock.settimeout(seconds)
            self.sock.sendall(LENGTH.pack(len(data)) + data)
        except TimeoutError:
            raise Late from None
        except OSError:
            raise Closed from None

    def receive(self, seconds=None, most=LARGEST_FRAME):
        """The next value, within `seconds` for all of it, of at most so many bytes; `taken` counts the bytes.

        Raises:
            Broken, Closed, Late: there is none.
        """
        until = None if seconds is None else time.monotonic() + seconds
        (length,) = LENGTH.unpack(self._exactly(LENGTH.size, until))
        if length > min(most, LARGEST_FRAME):
            raise Broken(f"a frame of {length} bytes")
        self.taken += length
        data = self._exactly(length, until)
        try:
            return wire.loads(data)
        except Exception as error:  # whatever a forged frame can provoke: it is data, and it is refused
            raise Broken(str(error)) from None

    def _exactly(self, size, until):
        while (lack := size - len(self.rest)) > 0:
            self.rest += self._some(BLOCK if self.ahead else min(lack, BLOCK), until)
        data = bytes(self.rest[:size])
        del self.rest[:size]
        return data

    def _some(self, most, until):
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            raise Late
        try:
            self.sock.settimeout(left)
            data = self.sock.recv(most)
        except TimeoutError:
            raise Late from None
        except OSError:
            raise Closed from None
        if not data:
            raise Closed
        return data

    def close(self):
        """Hang up."""
        self.sock.close()
