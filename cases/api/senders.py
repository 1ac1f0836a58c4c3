"""How many bodies one sender may have on their way here at once: each takes little, and many of them would take what is everybody's."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from backend.errors import Text, TooMany


class Places:
    """So many at once for each sender, in one process; `why` and `mend` tell whoever comes with one more."""

    def __init__(self, each: int, why: Text, mend: Text) -> None:
        self.each, self.why, self.mend = each, why, mend
        self._taken: Counter[Hashable] = Counter()

    @contextmanager
    def one(self, sender: Hashable) -> Iterator[None]:
        """A place of this sender's, for the length of a block. Raises TooMany where they have them all."""
        if self._taken[sender] >= self.each:
            raise TooMany(self.why, mend=self.mend)
        self._taken[sender] += 1
        try:
            yield
        finally:
            self._taken[sender] -= 1
            if not self._taken[sender]:
                del self._taken[sender]
