"""Random moments of a run of crtool at which a signal hits it, SIGKILL and SIGINT in turn."""

import dataclasses
import random
import signal
import statistics
import time


@dataclasses.dataclass(frozen=True)
class Moment:
    seconds: float
    signo: signal.Signals

    def __str__(self):
        return f"{self.signo.name} after {self.seconds * 1000:.2f} ms"

    def await_it(self):
        """Busy waiting: the moments of interest are a few microseconds long."""
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            pass

    def hit(self, child):
        self.await_it()
        child.send_signal(self.signo)


def moments_of(what, count, undisturbed):
    """As many moments, spread over the time that undisturbed() takes: it returns its seconds."""
    usual = statistics.median(undisturbed() for _ in range(5))
    print(f"an undisturbed {what} takes {usual * 1000:.1f} ms", flush=True)
    return [Moment(random.uniform(0, usual * 1.1), signal.SIGINT if i % 2 else signal.SIGKILL)
            for i in range(count)]
