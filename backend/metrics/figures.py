"""
Figures: what one process counts and measures, written as Prometheus reads it.

Each process has its own and serves them itself; whoever watches adds them up. No label ever holds a person's code, a
name or a path as it was asked: routes stand as the site map writes them.
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

REQUEST_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
PULSE_SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Load(Struct, frozen=True, kw_only=True):
    """
    What the database says at one moment, the same for every process, and this process's connections to it.

    `lag_seconds` is the age of the oldest entry of the log that no standing has read yet; `jobs` counts by entrypoint
    and state.
    """

    lag_seconds: float
    events_held: int
    jobs: Mapping[tuple[str, str], int]
    connections_idle: int
    connections_used: int
    connections_most: int


class Figures:
    """The figures of one process."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = self._counter("handrail_requests", "Answers given.", "method", "route", "status")
        self._taken: dict[str, Counter] = {}
        self._answers: dict[tuple[str, ...], tuple[Counter, Histogram]] = {}
        self._seconds = Histogram(
            "handrail_request_seconds",
            "From a request to the first byte of its answer.",
            ["route"],
            buckets=REQUEST_SECONDS,
            registry=self.registry,
        )
        self._orders = self._counter("handrail_orders", "Events at the intake, by what became of them.", "status")
        self._pulse = Histogram(
            "handrail_pulse_seconds", "How long a refresh took.", buckets=PULSE_SECONDS, registry=self.registry
        )
        self._streams = self._gauge("handrail_streams_open", "Open streams of this process.")
        self._up = self._gauge("handrail_database_up", "1 where the database answered just now.")
        self._lag = self._gauge("handrail_pulse_lag_seconds", "Age of the oldest entry that no standing has read.")
        self._held = self._gauge("handrail_events_held", "Events that wait for what they lack.")
        self._jobs = self._gauge("handrail_jobs", "Jobs by state.", "job", "state")
        self._connections = self._gauge("handrail_database_connections", "This process's connections.", "state")
        self._reads: Counter | None = None

    def answered(self, *, method: str, route: str, status: int, seconds: float | None) -> None:
        """Count an answer; where its beginning was not seen, its duration is not measured."""
        answers, durations = self._of_answers(method, route, str(status))
        answers.inc()
        if seconds is not None:
            durations.observe(seconds)

    def _of_answers(self, *labels: str) -> tuple[Counter, Histogram]:
        """Return what counts such answers; finding it anew would cost more than counting."""
        if labels not in self._answers:
            self._answers[labels] = self._requests.labels(*labels), self._seconds.labels(labels[1])
        return self._answers[labels]

    def taken(self, statuses: Iterable[str]) -> None:
        """Count what became of the events of one message."""
        counted: dict[str, int] = {}
        for status in statuses:
            counted[status] = counted.get(status, 0) + 1
        for status, number in counted.items():
            if status not in self._taken:
                self._taken[status] = self._orders.labels(status)
            self._taken[status].inc(number)

    def refreshed(self, seconds: float) -> None:
        """Measure one refresh of the standings."""
        self._pulse.observe(seconds)

    def count_streams(self, count: Callable[[], int]) -> None:
        """Ask for the number of open streams whenever the figures are read."""
        self._streams.set_function(count)

    def watch_replica(self, level: Callable[[], bool], revisions_behind: Callable[[], int]) -> None:
        """Ask for the state of this process's replica whenever the figures are read, and count where pages are read."""
        self._gauge("handrail_replica_level", "1 where pages may be read from the replica.").set_function(level)
        behind = self._gauge("handrail_replica_revisions_behind", "Revisions that the replica lacks.")
        behind.set_function(revisions_behind)
        self._reads = self._counter("handrail_page_reads", "Where pages were read.", "server")

    def page_read(self, server: str) -> None:
        """Count what a page read from `replica` or `primary`, where there is a replica."""
        if self._reads is not None:
            self._reads.labels(server).inc()

    def written(self, load: Load | None) -> bytes:
        """Return all figures as text; without a load, which an absent database does not give, only the process's."""
        self._up.set(load is not None)
        self._jobs.clear()
        if load is not None:
            self._lag.set(load.lag_seconds)
            self._held.set(load.events_held)
            for state in ("idle", "used", "most"):
                self._connections.labels(state).set(getattr(load, f"connections_{state}"))
            for names, count in load.jobs.items():
                self._jobs.labels(*names).set(count)
        return generate_latest(self.registry)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(name, words, labels, registry=self.registry)

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(name, words, labels, registry=self.registry)
