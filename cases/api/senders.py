"""How many bodies one sender may have on their way here at once: each takes little, and many of them would take what is everybody's."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from backend.errors import Busy


class Places:
    """So many at once for each sender, in one process."""

    def __init__(self, each: int) -> None:
        self.each = each
        self._taken: Counter[Hashable] = Counter()

    @contextmanager
    def one(self, sender: Hashable) -> Iterator[None]:
        """A place of this sender's, for the length of a block. Raises Busy where they have them all."""
        if self._taken[sender] >= self.each:
            raise Busy
        self._taken[sender] += 1
        try:
            yield
        finally:
            self._taken[sender] -= 1
            if not self._taken[sender]:
                del self._taken[sender]
