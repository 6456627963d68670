"""Does the next pieces of work in threads while the present one is used."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def map_ahead(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, ahead: int
) -> Iterator[Result]:
    """Yield the results in order, with a bounded number of them waiting.

    Args:
        work: What to do, in threads.
        tasks: One after the other.
        ahead: So many results are made before they are asked for, so memory does not grow with
            the number of tasks.

    Yields:
        The result of each task.
    """
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(ahead) as pool:
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
