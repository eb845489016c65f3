"""Tables of a run, in Markdown."""

import statistics


def quartiles(values):
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def ratios(peers, of, to, measure):
    """Round by round: of one proxy to another."""
    return [a[measure] / b[measure] for a, b in zip(peers[of]["rounds"], peers[to]["rounds"])]


def _ratio(peers, name, to, measure):
    if to not in peers or not peers[to]["rounds"]:
        return "–"
    low, middle, high = quartiles(ratios(peers, name, to, measure))
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def _median(peer, measure):
    return statistics.median(one[measure] for one in peer["rounds"])


def _job(name, result):
    peers = result["peers"]
    lines = [
        f"### {name}", "",
        f"{result['description']} Fixed rate: {result['rate']:,} requests/s, half of Envoy's saturation.", "",
        "| | CPU per request, saturated | in the kernel | to Envoy | to HAProxy | CPU per request, fixed rate | to Envoy "
        "| to HAProxy | requests/s saturated |",
        "|---|---|---|---|---|---|---|---|---|"]
    for peer, of in peers.items():
        busy = _median(of, "saturated_busy")
        mark = "" if busy >= 0.95 else f" (core {busy:.0%} busy)"
        lines.append(
            f"| {peer} | {_median(of, 'saturated_cpu_us'):.1f} µs | {_median(of, 'saturated_system_us'):.1f} µs "
            f"| {_ratio(peers, peer, 'envoy', 'saturated_cpu_us')} "
            f"| {_ratio(peers, peer, 'haproxy', 'saturated_cpu_us')} | {_median(of, 'fixed_cpu_us'):.1f} µs "
            f"| {_ratio(peers, peer, 'envoy', 'fixed_cpu_us')} | {_ratio(peers, peer, 'haproxy', 'fixed_cpu_us')} "
            f"| {_median(of, 'saturated_per_second'):,.0f}{mark} |")
    lines += ["", "| | p50 | p99 | p99 to Envoy | p99 to HAProxy | idle memory | loaded memory (anonymous + file) |",
              "|---|---|---|---|---|---|---|"]
    for peer, of in peers.items():
        idle, loaded = of["memory_idle"], of["memory_loaded"]
        lines.append(
            f"| {peer} | {_median(of, 'p50_us'):,.0f} µs | {_median(of, 'p99_us'):,.0f} µs "
            f"| {_ratio(peers, peer, 'envoy', 'p99_us')} | {_ratio(peers, peer, 'haproxy', 'p99_us')} "
            f"| {idle['resident']:.0f} MiB "
            f"| {loaded['resident']:.0f} MiB ({loaded['anonymous']:.0f} + {loaded['file']:.0f}) |")
    return lines + [""]


def _starts(starts):
    lines = ["### Start to first answer", "", "| | seconds | to Envoy |", "|---|---|---|"]
    for name, seconds in starts.items():
        low, middle, high = quartiles(seconds)
        to = quartiles([a / b for a, b in zip(seconds, starts["envoy"])])[1] if "envoy" in starts else float("nan")
        lines.append(f"| {name} | {middle:.2f} ({low:.2f}–{high:.2f}) | {to:.1f} |")
    return lines + [""]


def _idle(idle):
    lines = [f"### {idle['connections']:,} idle connections", "", "| | memory before | with them | each |", "|---|---|---|---|"]
    for name, of in idle["peers"].items():
        lines.append(f"| {name} | {of['before']['resident']:.0f} MiB | {of['with']['resident']:.0f} MiB "
                     f"| {of['each_kib']:.1f} KiB |")
    return lines + [""]


def markdown(run):
    lines = [f"{run['machine']['cpu']}, Linux {run['machine']['kernel']}; {run['rounds']} rounds of {run['seconds']} s "
             f"saturated and {run['seconds']} s at the fixed rate; medians, ratios round by round with quartiles; "
             + ", ".join(f"{name} {version}" for name, version in run["versions"].items()) + ".", ""]
    for name, result in run["jobs"].items():
        lines += [f"### {name}", "", f"Skipped: {result['skipped']}", ""] if "skipped" in result else _job(name, result)
    if run.get("starts"):
        lines += _starts(run["starts"])
    if run.get("idle"):
        lines += _idle(run["idle"])
    return "\n".join(lines)
