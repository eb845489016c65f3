#!/usr/bin/env python3
"""Side-by-side figures of Sluice, Envoy and HAProxy on one machine, in one run.

    deploy/bench/bench.py [--rounds N] [--seconds S] [--json FILE] [--markdown FILE]

Each proxy gets the same job: one listener, one route, one upstream cluster with one endpoint. The proxy runs alone on
core 0; load (wrk for HTTP/1.1, h2load for HTTP/2) and backend share core 1. Rounds are interleaved, so that the machine's
drift meets all alike; medians over the rounds are shown, and ratios of medians. What is measured:

- CPU per request: user + system time of the proxy's process (/proc/PID/stat) over the requests that were answered;
- p50 and p99 as the load generator saw them, at saturation of the load generator;
- resident memory at the end of the round, and the time from exec to the first answer.

Load goes to loopback only, is bounded in time, and every process started here is ended here. Exits 1 if any request
failed: a figure with errors in it is none.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TICK = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 16
STREAMS = 4


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fill(template, folder, **values):
    text = (HERE / template).read_text()
    for name, value in values.items():
        text = text.replace("@" + name + "@", str(value))
    target = folder / template
    target.write_text(text)
    return target


def pinned(core, command):
    return ["taskset", "-c", str(core), *command]


class Running:
    """A process that was started here, with its children, and the time until it answered first."""

    def __init__(self, command, log, environment=None):
        self.started = time.monotonic()
        self.log = open(log, "w")
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True, env=environment)

    def await_answer(self, port, limit=30):
        while time.monotonic() - self.started < limit:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.process.args[3]} ended with {self.process.returncode}; see {self.log.name}")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
                connection.request("GET", "/")
                if connection.getresponse().status == 200:
                    return time.monotonic() - self.started
            except OSError:
                pass
            time.sleep(0.005)
        raise SystemExit(f"no answer on port {port} in {limit} s; see {self.log.name}")

    def members(self):
        listed = subprocess.run(["ps", "-o", "pid=", "-g", str(self.process.pid)], capture_output=True, text=True)
        return [int(pid) for pid in listed.stdout.split()]

    def cpu_seconds(self):
        total = 0
        for pid in self.members():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def resident_mib(self):
        kib = 0
        for pid in self.members():
            found = re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
            kib += int(found.group(1)) if found else 0
        return kib / 1024

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()


def wrk(port, seconds):
    done = subprocess.run(
        pinned(1, ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", f"http://127.0.0.1:{port}/"]),
        capture_output=True, text=True, timeout=seconds + 30, check=True).stdout
    requests = int(re.search(r"(\d+) requests in", done).group(1))
    bad = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", done))
    bad += sum(int(n) for line in re.findall(r"Socket errors: (.*)", done) for n in re.findall(r"\d+", line))
    return requests, bad, micros(done, "50%"), micros(done, "99%")


def micros(text, quantile):
    value, unit = re.search(quantile + r"\s+([\d.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 1, "ms": 1e3, "s": 1e6}[unit]


def h2load(port, seconds):
    done = subprocess.run(
        pinned(1, ["h2load", "-t1", "-c", str(CONNECTIONS // STREAMS), "-m", str(STREAMS), f"-D{seconds}",
                   f"http://127.0.0.1:{port}/"]),
        capture_output=True, text=True, timeout=seconds + 30, check=True).stdout
    counts = dict((name, int(n)) for n, name in re.findall(r"(\d+) (succeeded|failed|errored|timeout)", done))
    times = re.search(r"time for request:\s+\S+\s+\S+\s+(\S+)", done).group(1)
    mean = float(re.match(r"[\d.]+", times).group()) * {"us": 1, "ms": 1e3, "s": 1e6}[re.sub(r"[\d.]", "", times)]
    return counts["succeeded"], counts["failed"] + counts["errored"] + counts["timeout"], mean, float("nan")


def envoy_binary():
    for candidate in (ROOT / "deploy/interop/target/peers/bin/envoy", shutil.which("envoy")):
        if candidate and pathlib.Path(candidate).exists():
            return str(candidate)
    raise SystemExit("no envoy (expected: deploy/interop/target/peers/bin/envoy); run deploy/interop/install-peers")


def proxies(folder, port, backend):
    yaml = fill("proxy.yaml", folder, PORT=port, BACKEND=backend, ADMIN=free_port())
    haproxy = fill("haproxy.cfg", folder, PORT=port, BACKEND=backend)
    environment = dict(os.environ, SLUICE_JAVA_OPTS=os.environ.get("SLUICE_JAVA_OPTS", ""))
    return {
        "sluice": ([str(ROOT / "deploy/bin/sluice"), "proxy", "-c", str(yaml), "--event-loops", "1"], environment),
        "envoy": ([envoy_binary(), "-c", str(yaml), "--concurrency", "1", "--log-level", "error"], None),
        "haproxy": (["haproxy", "-f", str(haproxy), "-db"], None),
    }


def measure(name, command, environment, load, port, seconds, folder):
    running = Running(pinned(0, command), folder / f"{name}.log", environment)
    try:
        first = running.await_answer(port)
        load(port, max(3, seconds))  # warms up: JIT, pools, caches
        before = running.cpu_seconds()
        requests, bad, p50, p99 = load(port, seconds)
        spent = running.cpu_seconds() - before
        return {
            "requests": requests, "bad": bad, "cpu_us_per_request": spent / max(1, requests) * 1e6,
            "requests_per_second": requests / seconds, "p50_us": p50, "p99_us": p99,
            "resident_mib": running.resident_mib(), "first_answer_s": first,
        }
    finally:
        running.stop()


def median(rounds, key):
    return statistics.median(result[key] for result in rounds)


def table(results):
    lines = []
    for job, by_proxy in results.items():
        lines += [f"### {job}", "",
                  "| | CPU per request | to Envoy | to HAProxy | requests/s | p50 | p99 | resident | first answer |",
                  "|---|---|---|---|---|---|---|---|---|"]
        cpu = {name: median(rounds, "cpu_us_per_request") for name, rounds in by_proxy.items()}
        for name, rounds in by_proxy.items():
            p99 = median(rounds, "p99_us")
            lines.append(
                f"| {name} | {cpu[name]:.1f} µs | {cpu[name] / cpu['envoy']:.2f} | {cpu[name] / cpu['haproxy']:.2f} "
                f"| {median(rounds, 'requests_per_second'):,.0f} | {median(rounds, 'p50_us'):.0f} µs "
                f"| {'–' if p99 != p99 else f'{p99:.0f} µs'} | {median(rounds, 'resident_mib'):.0f} MiB "
                f"| {median(rounds, 'first_answer_s'):.2f} s |")
        lines.append("")
    return "\n".join(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=3, choices=range(1, 21), metavar="1..20")
    arguments.add_argument("--seconds", type=int, default=8, choices=range(1, 61), metavar="1..60")
    arguments.add_argument("--json", type=pathlib.Path)
    arguments.add_argument("--markdown", type=pathlib.Path)
    given = arguments.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-bench-"))
    port, backend = free_port(), free_port()
    results = {job: {"sluice": [], "envoy": [], "haproxy": []} for job in ("HTTP/1.1", "HTTP/2 (h2c)")}
    server = Running(pinned(1, ["haproxy", "-f", str(fill("backend.cfg", folder, PORT=backend)), "-db"]),
                     folder / "backend.log")
    try:
        server.await_answer(backend)
        for number in range(given.rounds):
            for job, load in (("HTTP/1.1", wrk), ("HTTP/2 (h2c)", h2load)):
                for name, (command, environment) in proxies(folder, port, backend).items():
                    result = measure(name, command, environment, load, port, given.seconds, folder)
                    results[job][name].append(result)
                    print(f"round {number + 1} {job:13} {name:8} {result['cpu_us_per_request']:6.1f} µs/request "
                          f"{result['requests_per_second']:9,.0f}/s {result['resident_mib']:5.0f} MiB "
                          f"{result['bad']} bad", flush=True)
    finally:
        server.stop()
    print("\n" + table(results))
    if given.json:
        given.json.write_text(json.dumps({"rounds": given.rounds, "seconds": given.seconds, "results": results}, indent=1))
    if given.markdown:
        given.markdown.write_text(table(results))
    return 1 if any(r["bad"] for jobs in results.values() for rounds in jobs.values() for r in rounds) else 0


if __name__ == "__main__":
    sys.exit(main())
