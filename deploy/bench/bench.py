#!/usr/bin/env python3
"""Side-by-side figures of Sluice, Envoy, HAProxy, nginx and nghttpx on one machine, in one run.

The proxy under load is alone on core 0; load generator (wrk, h2load) and backend (nginx, 0.9 KB of JSON) share core 1.
Every proxy does the same: 64 connections, 75/25 between two clusters, a request id, metrics, no access log (config/);
Sluice's split is a sticky gate, with 1,000 keys in the path. Sluice and Envoy keep an ADS stream open.

All proxies of a job run side by side and are warmed up; then each round takes them in turn, so that the machine's drift
meets all alike. A round is two measurements of each: as much load as there can be, and one fixed rate for all, half of what
Envoy took at most. Ratios are made round by round; their median and quartiles are shown. Measured are

- CPU per request: user and system time of the proxy's processes over the requests answered; and the system's part of it;
- p50 and p99 at the fixed rate, of every request;
- resident memory when idle (one answer given) and after the last round;
- start to first answer, of each proxy in turn, as often as there are rounds;
- on demand, memory of idle connections that have had one answer each.

A request that fails ends the run: nothing is written. Exit codes: 0 done, 1 no figures, 2 wrong arguments.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import platform
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time

import load
import report
from management import Management
from peers import OTHER_CORE, ROOT, Backend, Refused, start, versions

KEYS = [f"/users/u{number:05d}/orders" for number in range(1000)]


@dataclasses.dataclass(frozen=True)
class Job:
    """One kind of traffic: what the client and the upstream speak, and who can do it."""

    title: str
    description: str
    client: str
    upstream: str
    tls: bool
    generator: str
    streams: int
    peers: tuple


JOBS = {
    "h1": Job("HTTP/1.1", "HTTP/1.1 on both sides, 64 connections.", "h1", "h1", False, "wrk", 1,
              ("sluice", "envoy", "haproxy", "nginx")),
    "h2": Job("HTTP/2", "HTTP/2 without TLS on both sides, 64 connections of 4 streams.", "h2", "h2", False, "h2load", 4,
              ("sluice", "envoy", "haproxy", "nghttpx")),
    "tls1": Job("HTTP/1.1 over TLS", "HTTP/1.1 over TLS from the client, without it upstream, 64 connections.",
                "h1", "h1", True, "h2load", 1, ("sluice", "envoy", "haproxy", "nginx")),
    "tls2": Job("HTTP/2 over TLS", "HTTP/2 over TLS from the client, without it upstream, 64 connections of 4 streams.",
                "h2", "h2", True, "h2load", 4, ("sluice", "envoy", "haproxy", "nghttpx")),
}
# A JVM compiles first; the others need no more than full pools.
WARM_SECONDS = {"sluice": 20}
OTHERS_WARM_SECONDS = 5
IDLE_BATCH = 500


def warm(job, proxy, file):
    """Requests per second while the proxy warms up."""
    seconds = WARM_SECONDS.get(proxy.name, OTHERS_WARM_SECONDS)
    return load.saturate(job, proxy, file, seconds) / seconds


def measure(job, proxy, file, seconds, rate):
    """One round of one proxy."""
    began, (user, system) = time.monotonic(), proxy.user_and_system_seconds()
    answered = load.saturate(job, proxy, file, seconds)
    user, system = (after - before for after, before in zip(proxy.user_and_system_seconds(), (user, system)))
    spent, took = user + system, time.monotonic() - began
    before = proxy.cpu_seconds()
    held, p50, p99 = load.hold(job, proxy, file, seconds, rate)
    return {
        "saturated_cpu_us": spent / answered * 1e6, "saturated_system_us": system / answered * 1e6,
        "saturated_per_second": answered / seconds,
        "saturated_busy": spent / min(took, seconds), "fixed_cpu_us": (proxy.cpu_seconds() - before) / held * 1e6,
        "p50_us": p50, "p99_us": p99}


def run_job(job, given, backend, folder):
    with contextlib.ExitStack() as stack:
        management = stack.enter_context(contextlib.closing(Management()))
        proxies, files, peers = {}, {}, {}
        for name in [name for name in job.peers if name in given.peers]:
            proxies[name] = stack.enter_context(contextlib.closing(start(name, job, backend, management, folder)))
            try:
                proxies[name].await_answer(KEYS[0])
            except Refused as refused:
                if job.tls and name == "sluice":
                    return {"skipped": f"Sluice does not serve it: {refused}"}
                raise
            files[name] = load.uris(folder, proxies[name], KEYS)
            peers[name] = {"rounds": [], "memory_idle": proxies[name].memory_mib()}
        saturation = {name: warm(job, proxies[name], files[name]) for name in proxies}
        rate = round(saturation.get("envoy", min(saturation.values())) / 2)
        for number in range(given.rounds):
            for name, proxy in proxies.items():
                one = measure(job, proxy, files[name], given.seconds, rate)
                peers[name]["rounds"].append(one)
                print(f"round {number + 1} {job.title:18} {name:8} {one['saturated_cpu_us']:6.1f} µs saturated "
                      f"({one['saturated_per_second']:,.0f}/s) {one['fixed_cpu_us']:6.1f} µs fixed, p50 {one['p50_us']} "
                      f"p99 {one['p99_us']}", flush=True)
        for name, proxy in proxies.items():
            peers[name]["memory_loaded"] = proxy.memory_mib()
        return {"description": job.description, "rate": rate, "peers": peers}


def run_starts(given, backend, folder):
    starts = {name: [] for name in JOBS["h1"].peers if name in given.peers}
    for _ in range(given.rounds):
        for name, seconds in starts.items():
            with contextlib.closing(Management()) as management, contextlib.closing(
                    start(name, JOBS["h1"], backend, management, folder)) as proxy:
                seconds.append(proxy.await_answer(KEYS[0]))
    return starts


def run_idle(given, backend, folder):
    peers = {}
    for name in [name for name in ("sluice", "envoy") if name in given.peers]:
        with contextlib.closing(Management()) as management, contextlib.closing(
                start(name, JOBS["h1"], backend, management, folder)) as proxy, contextlib.ExitStack() as open_ones:
            proxy.await_answer(KEYS[0])
            warm(JOBS["h1"], proxy, load.uris(folder, proxy, KEYS))
            before = proxy.memory_mib()
            connections = [open_ones.enter_context(idle_connection(proxy.port)) for _ in range(given.idle)]
            after = proxy.memory_mib()
            peers[name] = {"before": before, "with": after,
                           "each_kib": (after["resident"] - before["resident"]) * 1024 / len(connections)}
    return {"connections": given.idle, "peers": peers}


def idle_connection(port):
    """A connection that has had one answer."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=5)
    connection.sendall(f"GET {KEYS[0]} HTTP/1.1\r\nhost: idle\r\n\r\n".encode())
    got = b""
    while b"\r\n\r\n" not in got or len(got.split(b"\r\n\r\n", 1)[1]) < int(re.search(rb"content-length: (\d+)", got, re.I).group(1)):
        more = connection.recv(4096)
        if not more or not got.startswith(b"HTTP/1.1 200"[:len(got)]):
            raise load.Failed(f"an idle connection got {got[:80]!r}")
        got += more
    return connection


def machine():
    found = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return {"cpu": found.group(1) if found else platform.machine(), "kernel": platform.release(),
            "commit": commit.stdout.strip()}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, choices=range(1, 31), metavar="1..30", help="default 7")
    parser.add_argument("--seconds", type=int, default=4, choices=range(1, 61), metavar="1..60",
                        help="of each measurement; default 4")
    parser.add_argument("--jobs", default=",".join(JOBS), help="of " + ",".join(JOBS) + "; default all")
    parser.add_argument("--peers", default="sluice,envoy,haproxy,nginx,nghttpx", help="default all")
    parser.add_argument("--idle", type=int, default=0, choices=range(0, 20001), metavar="0..20000",
                        help="idle connections to open; default 0")
    parser.add_argument("--no-starts", action="store_true", help="leave start-up times out")
    parser.add_argument("--no-warm", action="store_true", help="take the start-up caches as they are")
    parser.add_argument("--quick", action="store_true", help="3 rounds of 2 s, jobs h1 and h2: about 2 minutes")
    parser.add_argument("--json", type=pathlib.Path, help="file for the figures")
    parser.add_argument("--markdown", type=pathlib.Path, help="file for the tables")
    given = parser.parse_args()
    if given.quick:
        given.rounds, given.seconds, given.jobs = 3, 2, "h1,h2"
    given.jobs, given.peers = given.jobs.split(",") if given.jobs else [], given.peers.split(",")
    for job in given.jobs:
        if job not in JOBS:
            parser.error(f"job '{job}' (expected: {', '.join(JOBS)})")
    return given


def run(given, folder):
    if not given.no_warm:
        subprocess.run([str(ROOT / "deploy/bin/sluice"), "warm"], check=True)
    result = {"machine": machine(), "versions": versions(), "rounds": given.rounds, "seconds": given.seconds, "jobs": {}}
    with contextlib.closing(Backend(folder, KEYS[0])) as backend:
        for job in given.jobs:
            result["jobs"][JOBS[job].title] = run_job(JOBS[job], given, backend, folder)
        if not given.no_starts:
            result["starts"] = run_starts(given, backend, folder)
        if given.idle:
            result["idle"] = run_idle(given, backend, folder)
    return result


def main():
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.sched_setaffinity(0, {OTHER_CORE})
    if given.idle:
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as name:
        try:
            result = run(given, pathlib.Path(name))
        except (load.Failed, Refused) as failed:
            print(f"bench: no figures: {failed}", file=sys.stderr)
            return 1
    tables = report.markdown(result)
    print("\n" + tables)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n")
    if given.markdown:
        given.markdown.write_text(tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
