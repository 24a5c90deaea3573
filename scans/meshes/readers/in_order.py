"""Work on the parts of a large file in two threads: NumPy lets go of the interpreter while it computes."""

import contextvars
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

WORTH_IT_BYTES = 4 * 1024 * 1024
_THREADS = 2
_AHEAD = 4
"""Parts in work or waiting to be taken, so that a large file is never in memory twice."""

Part = TypeVar("Part")
Result = TypeVar("Result")


def in_order(work: Callable[[Part], Result], parts: Iterable[Part], size: int) -> Iterator[Result]:
    """`work` of every part, in order; size: bytes of the whole. Exceptions rise where their part's turn comes."""
    if size < WORTH_IT_BYTES:
        yield from map(work, parts)
        return
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        try:
            for part in parts:
                # NumPy's errstate is part of the context, which threads do not inherit.
                waiting.append(pool.submit(contextvars.copy_context().run, work, part))
                if len(waiting) > _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
