"""The proxies side by side, their backend, and what the machine says about a process."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TICK = os.sysconf("SC_CLK_TCK")
PROXY_CORE, OTHER_CORE = 0, 1
ENVOY = ROOT / "deploy/interop/target/peers/bin/envoy"
UNVERIFIED = ssl._create_unverified_context()


class Refused(Exception):
    """A process that would not start, or did not answer."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def envoy():
    for candidate in (os.environ.get("SLUICE_ENVOY"), ENVOY, shutil.which("envoy")):
        if candidate and pathlib.Path(candidate).exists():
            return str(candidate)
    raise SystemExit(f"no envoy (looked at: SLUICE_ENVOY, {ENVOY.relative_to(ROOT)}, PATH); run deploy/interop/install-peers")


def fill(template, **values):
    text = (HERE / "config" / template).read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text


class Running:
    """A process started here with all its children; ends them when it is closed."""

    def __init__(self, name, core, command, folder, port, tls=False):
        self.name, self.port, self.tls = name, port, tls
        self.log = folder / f"{name}.log"
        with open(self.log, "w") as log:
            self.started = time.monotonic()
            self.process = subprocess.Popen(
                ["taskset", "-c", str(core), *command], stdout=log, stderr=log, start_new_session=True)

    def await_answer(self, path, limit=60):
        """Seconds from the start to the first 200."""
        while time.monotonic() - self.started < limit:
            if self.process.poll() is not None:
                raise Refused(f"{self.name} ended with {self.process.returncode}: {self.said()}")
            try:
                connection = (http.client.HTTPSConnection("127.0.0.1", self.port, timeout=2, context=UNVERIFIED)
                              if self.tls else http.client.HTTPConnection("127.0.0.1", self.port, timeout=2))
                connection.request("GET", path)
                answered = connection.getresponse().status == 200
                connection.close()
                if answered:
                    return time.monotonic() - self.started
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.002)
        raise Refused(f"{self.name} did not answer within {limit} s: {self.said()}")

    def said(self):
        """The begin of its log, in one line."""
        return " ".join(self.log.read_text().split())[:600]

    def cpu_seconds(self):
        """User and system time of the process and its children."""
        return sum(self.user_and_system_seconds())

    def user_and_system_seconds(self):
        user = system = 0
        for pid in self._members():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            user += int(fields[11])
            system += int(fields[12])
        return user / TICK, system / TICK

    def memory_mib(self):
        """Resident memory: all of it, the anonymous part, and the part that files back."""
        kib = {"Rss": 0, "Anonymous": 0}
        for pid in self._members():
            text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            for field in kib:
                kib[field] += int(re.search(rf"^{field}:\s+(\d+) kB", text, re.M).group(1))
        return {"resident": kib["Rss"] / 1024, "anonymous": kib["Anonymous"] / 1024,
                "file": (kib["Rss"] - kib["Anonymous"]) / 1024}

    def _members(self):
        listed = subprocess.run(["ps", "-o", "pid=", "-g", str(self.process.pid)], capture_output=True, text=True)
        return [int(pid) for pid in listed.stdout.split()]

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            return
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Backend:
    """nginx with the answer of all jobs; ports by protocol."""

    def __init__(self, folder, path):
        self.ports = {proto: {"OLD": free_port(), "NEW": free_port()} for proto in ("h1", "h2")}
        ports = {arm + proto[1]: port for proto, arms in self.ports.items() for arm, port in arms.items()}
        file = folder / "backend.conf"
        file.write_text(fill("backend.conf", FOLDER=folder, ANSWER=answer(), **ports))
        self.running = Running("backend", OTHER_CORE, ["nginx", "-c", str(file)], folder, self.ports["h1"]["OLD"])
        self.running.await_answer(path)

    def close(self):
        self.running.close()


def answer():
    """0.9 KB of JSON."""
    items = [{"id": 1000 + i, "sku": f"sku-{i:05d}", "quantity": i + 1, "cents": 1999 + i} for i in range(14)]
    return json.dumps({"id": "u00000", "name": "Ada Example", "orders": items})[:920]


def certificate(folder):
    """A certificate of this run: chain, key, and both in one file."""
    cert, key, both = folder / "cert.pem", folder / "key.pem", folder / "both.pem"
    if not both.exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
        both.write_text(cert.read_text() + key.read_text())
    return cert, key, both


def start(name, job, backend, management, folder):
    """One proxy of a job on the proxies' core."""
    port = free_port()
    values = dict(backend.ports[job.upstream], PORT=port, ADMIN=free_port(), FOLDER=folder, NAME=name)
    file, command = {"sluice": _sluice, "envoy": _envoy, "haproxy": _haproxy, "nginx": _nginx, "nghttpx": _nghttpx}[name](
        job, values, management, folder)
    path = folder / f"{name}.yaml"  # Envoy goes by the suffix, the others do not mind
    path.write_text(file)
    return Running(name, PROXY_CORE, [part.replace("@FILE@", str(path)) for part in command], folder, port, job.tls)


def _bootstrap(template, job, values, management, folder):
    cert, key, _ = certificate(folder)
    proto = {"h1": "http_protocol_options", "h2": "http2_protocol_options"}[job.upstream]
    clusters = "".join(
        fill("cluster.yaml", NAME=name, PROTO=kind, ENDPOINT=port)
        for name, kind, port in (("old", proto, values["OLD"]), ("new", proto, values["NEW"]),
                                 ("management", "http2_protocol_options", management.port)))
    tls = fill("tls.yaml", CERT=cert, KEY=key) if job.tls else ""
    return fill(template, CLUSTERS=clusters, TLS=tls, **values)


def _sluice(job, values, management, folder):
    return (_bootstrap("sluice.yaml", job, values, management, folder),
            [str(ROOT / "deploy/bin/sluice"), "proxy", "-c", "@FILE@", "--event-loops", "1"])


def _envoy(job, values, management, folder):
    return (_bootstrap("envoy.yaml", job, values, management, folder),
            [envoy(), "-c", "@FILE@", "--concurrency", "1", "--log-level", "error"])


def _haproxy(job, values, management, folder):
    tls = f"ssl crt {certificate(folder)[2]} alpn h2,http/1.1" if job.tls else ""
    return (fill("haproxy.cfg", TLS=tls, PROTO="proto h2" if job.upstream == "h2" else "", **values),
            ["haproxy", "-f", "@FILE@", "-db"])


def _nginx(job, values, management, folder):
    cert, key, _ = certificate(folder)
    pair = f"ssl_certificate {cert}; ssl_certificate_key {key};" if job.tls else ""
    return (fill("nginx.conf", TLS="ssl http2" if job.tls else "", CERTIFICATE=pair, **values), ["nginx", "-c", "@FILE@"])


def _nghttpx(job, values, management, folder):
    cert, key, _ = certificate(folder)
    file = fill("nghttpx.conf", TLS="" if job.tls else ";no-tls", **values)
    if job.tls:
        file += f"private-key-file={key}\ncertificate-file={cert}\n"
    return file, ["nghttpx", "--conf=@FILE@"]


def versions():
    """First lines of what each program says about itself."""
    asked = {"envoy": [envoy(), "--version"], "haproxy": ["haproxy", "-v"], "nginx": ["nginx", "-v"],
             "nghttpx": ["nghttpx", "--version"], "h2load": ["h2load", "--version"], "wrk": ["wrk", "-v"]}
    said = {}
    for name, command in asked.items():
        done = subprocess.run(command, capture_output=True, text=True)
        number = re.search(r"\d+\.\d+[.\w]*", done.stdout + done.stderr)
        said[name] = number.group() if number else "unknown"
    return said
