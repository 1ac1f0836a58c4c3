"""What a signature covers of its file, and what it leaves out. Runs in the limited process.

A signature covers all but its own value (ISO 32000-2, 12.8.1). A validator that believes the range and does not look at what it leaves out is
open to signature wrapping: something else than the value stands there.
"""

from collections.abc import Sequence

OPENS, CLOSES = b"<", b">"


def leaves_out_more(content: bytes, given: Sequence[object], value: bytes) -> bool:
    """Whether the range (`/ByteRange`) leaves out anything but the signature's value (`/Contents`), or is none that can be read."""
    numbers = [int(part) for part in given if isinstance(part, int)]
    if len(numbers) != 4 or len(given) != 4:
        return True
    start, before, after, rest = numbers
    if start or before <= 0 or rest <= 0 or after <= before or after + rest > len(content):
        return True
    left_out = content[before:after]
    if not left_out.startswith(OPENS) or not left_out.endswith(CLOSES):
        return True
    try:
        return bytes.fromhex(left_out[1:-1].decode("ascii")) != value
    except ValueError:
        return True


def end(given: Sequence[object]) -> int:
    """Where the range ends: how many bytes of the file there were when it was signed. 0 where it cannot be told."""
    numbers = [int(part) for part in given if isinstance(part, int)]
    return numbers[2] + numbers[3] if len(numbers) == 4 else 0


def tail(content: bytes) -> bool:
    """Whether something follows the end of the file."""
    return bool(content[content.rfind(b"%%EOF") + 5 :].strip())
