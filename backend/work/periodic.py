"""Work that comes round: by one process at a time, once in its interval, however many beats ring."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec

from backend import clock
from backend.work.leases import leased
from backend.work.models import Period

P = ParamSpec("P")


class once:
    """As a decorator: called too early, or beside another call, the function does nothing; the call answers whether it ran.

    As a context: `with once("reminders", every) as mine: if mine: …`. The round counts once the block ends without an error, so that
    one cut short by the death of its process is taken up again.
    """

    def __init__(self, name: str, every: timedelta) -> None:
        self.name = name
        self.every = every

    def __call__(self, function: Callable[P, object]) -> Callable[P, bool]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> bool:
            with _turn(self.name, self.every) as mine:
                if mine:
                    function(*args, **kwargs)
            return mine

        return run

    def __enter__(self) -> bool:
        self._turn = _turn(self.name, self.every)
        return self._turn.__enter__()

    def __exit__(self, *failure: Any) -> bool | None:
        return self._turn.__exit__(*failure)


@contextmanager
def _turn(name: str, every: timedelta) -> Iterator[bool]:
    with leased(f"periodic:{name}") as holder:
        now = clock.now()
        mine = holder is not None and _comes_round(name, every, now)
        yield mine
        if mine:
            Period.objects.update_or_create(name=name, defaults={"began_at": now})


def _comes_round(name: str, every: timedelta, now: datetime) -> bool:
    """A tenth of the interval is forgiven, for no beat is exact; so is a clock set back."""
    last = Period.objects.filter(name=name).values_list("began_at", flat=True).first()
    return last is None or last > now or now - last >= every * 0.9
