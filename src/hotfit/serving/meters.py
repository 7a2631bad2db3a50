"""What is counted while serving, as Prometheus reads it.

Functions are labels of the counts by name, the first `MOST` of them; all others share one name, so
that a server with thousands of functions keeps its pages small.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MOST = 100
OTHERS = "(others)"

SECONDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


class Meters:
    """The counts of one server; the methods cost microseconds."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._names: set[str] = set()
        self._good: dict[str, tuple[Counter, Histogram, Counter]] = {}
        self._calls = self._counter("calls", "Calls answered.", "function", "status")
        self._seconds = Histogram(
            "hotfit_call_seconds",
            "Seconds from a call's arrival to its answer.",
            ("function",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._samples = self._counter("samples", "Samples answered.", "function")
        self._waiting = self._gauge("queue_calls", "Calls waiting for an encoder.", "queue")
        self._turned_away = self._counter("queue_refused", "Calls turned away.", "reason")
        self._batches = Histogram(
            "hotfit_batch_samples",
            "Samples encoded together.",
            ("queue",),
            buckets=SIZES,
            registry=self.registry,
        )
        self._batch_seconds = self._counter("batch_seconds", "Seconds spent on batches.", "queue")
        self._swaps = self._counter("versions_live", "Versions that began to answer.", "function")
        self._refused = self._counter(
            "versions_refused", "Versions that failed their trial.", "function"
        )
        self._through = self._gauge(
            "trained_through", "The change that the live version has learned.", "function"
        )
        self._training = self._gauge(
            "training_seconds", "Seconds that training the live version took.", "function"
        )
        self._resident = self._gauge("versions_resident", "Versions in memory.")
        self._captures = self._counter("captures", "Calls kept for review.", "reason")

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"hotfit_{name}", told, labels, registry=self.registry)

    def _gauge(self, name: str, told: str, *labels: str) -> Gauge:
        return Gauge(f"hotfit_{name}", told, labels, registry=self.registry)

    def called(self, function: str, *, status: int, seconds: float, samples: int = 1) -> None:
        """A call was answered, or refused with this status."""
        name = self._name(function)
        if status != 200:
            self._calls.labels(name, str(status)).inc()
            return
        if name not in self._good:  # looked up once: finding a child costs more than counting
            children = (self._calls.labels(name, "200"), self._seconds.labels(name))
            self._good[name] = (*children, self._samples.labels(name))
        calls, timed, answered = self._good[name]
        calls.inc()
        timed.observe(seconds)
        answered.inc(samples)

    def waiting(self, queue: str, calls: int) -> None:
        """So many calls wait for an encoder."""
        self._waiting.labels(queue).set(calls)

    def turned_away(self, reason: str) -> None:
        """A call was refused because too much waits, or because it waited too long."""
        self._turned_away.labels(reason).inc()

    def batched(self, queue: str, samples: int, seconds: float) -> None:
        """So many samples were encoded together."""
        self._batches.labels(queue).observe(samples)
        self._batch_seconds.labels(queue).inc(seconds)

    def swapped(self, function: str, *, change: int, seconds: float) -> None:
        """A version began to answer; training it took so many seconds."""
        name = self._name(function)
        self._swaps.labels(name).inc()
        self._through.labels(name).set(change)
        self._training.labels(name).set(seconds)

    def refused_version(self, function: str) -> None:
        """A version failed its trial."""
        self._refused.labels(self._name(function)).inc()

    def resident(self, count: int) -> None:
        """So many versions are in memory."""
        self._resident.set(count)

    def captured(self, reason: str) -> None:
        """A call was kept."""
        self._captures.labels(reason).inc()

    def page(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        return generate_latest(self.registry)

    def _name(self, function: str) -> str:
        if function in self._names:
            return function
        if len(self._names) >= MOST:
            return OTHERS
        self._names.add(function)
        return function
