"""Load from wrk and h2load on loopback, pinned beside the backend."""

import pathlib
import re
import subprocess

from peers import HERE, OTHER_CORE

CONNECTIONS = 64


class Failed(Exception):
    """Requests that were not answered with 200, so that the figures mean nothing."""


def _run(command, seconds):
    return subprocess.run(["taskset", "-c", str(OTHER_CORE), *command],
                          capture_output=True, text=True, timeout=seconds + 60, check=True).stdout


def uris(folder, proxy, keys):
    """A file with the URI of each key at this proxy."""
    file = folder / f"{proxy.name}.uris"
    scheme = "https" if proxy.tls else "http"
    file.write_text("".join(f"{scheme}://127.0.0.1:{proxy.port}{key}\n" for key in keys))
    return file


def saturate(job, proxy, file, seconds):
    """As much as the load generator can; the number of requests answered."""
    if job.generator == "wrk":
        said = _run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(HERE / "config/keys.lua"),
                     f"http://127.0.0.1:{proxy.port}/", "--", str(file)], seconds)
        bad = re.findall(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", said)
        if bad:
            raise Failed(f"{proxy.name}: {'; '.join(bad)}")
        return int(re.search(r"(\d+) requests in", said).group(1))
    return _h2load(job, proxy, file, seconds, [])


def hold(job, proxy, file, seconds, rate):
    """A fixed rate; the number of requests answered, and p50 and p99 in µs."""
    log = pathlib.Path(f"{file}.log")
    log.unlink(missing_ok=True)
    done = _h2load(job, proxy, file, seconds, [f"--rps={max(1, round(rate / CONNECTIONS))}", f"--log-file={log}"])
    times = sorted(int(line.split("\t")[2]) for line in log.read_text().splitlines())
    return done, times[len(times) // 2], times[len(times) * 99 // 100]


def _h2load(job, proxy, file, seconds, more):
    said = _run(["h2load", "-t1", f"-c{CONNECTIONS}", f"-m{job.streams}", f"-D{seconds}", "-i", str(file),
                 *(["--h1"] if job.client == "h1" else []), *more], seconds)
    counts = {what: int(n) for n, what in re.findall(r"(\d+) (succeeded|failed|errored|timeout|3xx|4xx|5xx)", said)}
    bad = {what: n for what, n in counts.items() if n and what != "succeeded"}
    if bad or not counts.get("succeeded"):
        raise Failed(f"{proxy.name}: {bad or said[-400:]}")
    return counts["succeeded"]
