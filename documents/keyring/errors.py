"""What goes wrong with keys, apart from tampering."""

from backend.errors import Unavailable


class NoKey(Unavailable):
    """The key-encryption key of this data key is not at hand here: retired too early, or not yet known to this process."""

    code = "no-key"
