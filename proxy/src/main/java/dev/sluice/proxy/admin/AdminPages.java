package dev.sluice.proxy.admin;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.HealthFlag;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers requests to the admin endpoint. State changes by POST only. Thread-safe. */
final class AdminPages {
    private static final String PAGES =
            """
            GET  /ready                       200 when serving, else 503 and why
            GET  /server_info                 facts about this process
            GET  /config_dump                 configuration in force, and what of it has no effect
            GET  /clusters[?format=json]      endpoints and their load
            GET  /gates                       gates in force
            GET  /gates/{gate}/explain?key=K  what the gate decides for a key (&header=name:value …)
            POST /gates/{gate}/kill?reason=R  take the gate back here, until a revision acknowledges it
            GET  /faults[/{fault}]            fault leases and their counters (needs the admin token)
            POST /faults                      takes a fault lease (needs the admin token)
            DELETE /faults/{fault}            ends a fault lease (needs the admin token)
            POST /drain                       stop accepting, ask clients to leave
            GET  /stats/prometheus            metrics
            """;

    private final AdminSubject subject;
    private final GatePages gates;
    private final FaultPages faults;

    AdminPages(AdminSubject subject, Optional<AdminToken> token) {
        this.subject = subject;
        faults = new FaultPages(subject.faults(), token);
        gates = new GatePages(subject);
    }

    AdminAnswer answer(AdminRequest request) {
        String page = request.segments().isEmpty() ? "" : request.segments().getFirst();
        return switch (page) {
            case "drain" -> posted(request, this::drain);
            case "gates" -> gates.answer(request);
            case "faults" -> faults.answer(request);
            case "" -> got(request, () -> AdminAnswer.text(200, PAGES));
            case "ready" -> got(request, this::ready);
            case "server_info" ->
                    got(request, () -> AdminAnswer.json(200, JsonTree.of(subject.server())));
            case "config_dump" -> got(request, this::configDump);
            case "clusters" -> got(request, () -> clusters(request));
            case "stats" -> got(request, () -> stats(request));
            default -> AdminAnswer.text(404, "no page '%s'; there are:\n%s".formatted(page, PAGES));
        };
    }

    /** One action of a page. */
    @FunctionalInterface
    interface Action {
        AdminAnswer run();
    }

    static AdminAnswer got(AdminRequest request, Action action) {
        return only("GET", request, action);
    }

    static AdminAnswer posted(AdminRequest request, Action action) {
        return only("POST", request, action);
    }

    private static AdminAnswer only(String method, AdminRequest request, Action action) {
        return request.method().equals(method)
                ? action.run()
                : AdminAnswer.text(
                        405,
                        "method %s (expected: %s); this page %s state\n"
                                .formatted(
                                        request.method(),
                                        method,
                                        method.equals("POST") ? "changes" : "only shows"));
    }

    private AdminAnswer ready() {
        return switch (subject.state()) {
            case ProxyState.Live() -> AdminAnswer.text(200, "LIVE\n");
            case ProxyState.Starting(String reason) ->
                    AdminAnswer.text(503, "STARTING: " + reason + "\n");
            case ProxyState.Draining() -> AdminAnswer.text(503, "DRAINING\n");
        };
    }

    private AdminAnswer drain() {
        subject.drain();
        return AdminAnswer.text(200, "DRAINING\n");
    }

    private AdminAnswer configDump() {
        Map<String, Object> dump = new LinkedHashMap<>();
        dump.put("snapshot", subject.snapshot());
        dump.put("inert_fields", subject.inert());
        return AdminAnswer.json(200, JsonTree.of(dump));
    }

    private AdminAnswer stats(AdminRequest request) {
        return request.segments().equals(List.of("stats", "prometheus"))
                ? new AdminAnswer(200, "text/plain; version=0.0.4", subject.metrics())
                : AdminAnswer.text(404, "only /stats/prometheus is served\n");
    }

    private AdminAnswer clusters(AdminRequest request) {
        List<ClusterLine> lines = new ArrayList<>();
        subject.configuration().clusters().values().stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .forEach(cluster -> lines(cluster, lines));
        if (request.parameter("format").filter("json"::equals).isPresent()) {
            return AdminAnswer.json(200, JsonTree.of(lines));
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> line.append(text));
        return AdminAnswer.text(200, text.toString());
    }

    private static void lines(Cluster cluster, List<ClusterLine> lines) {
        for (Endpoint endpoint : cluster.endpoints()) {
            lines.add(
                    new ClusterLine(
                            cluster.name(),
                            NetUtil.toSocketAddressString(endpoint.address()),
                            endpoint.host(),
                            endpoint.weight(),
                            HealthFlag.text(endpoint.flags()),
                            endpoint.load().active(),
                            endpoint.load().total(),
                            endpoint.load().failed(),
                            endpoint.load().connectFailures()));
        }
    }

    /** One endpoint, with Envoy's words. */
    private record ClusterLine(
            String cluster,
            String address,
            String hostname,
            int weight,
            String health_flags,
            int rq_active,
            long rq_total,
            long rq_error,
            long cx_connect_fail) {
        void append(StringBuilder text) {
            String prefix = cluster + "::" + address + "::";
            text.append(prefix).append("rq_active::").append(rq_active).append('\n');
            text.append(prefix).append("rq_total::").append(rq_total).append('\n');
            text.append(prefix).append("rq_error::").append(rq_error).append('\n');
            text.append(prefix).append("cx_connect_fail::").append(cx_connect_fail).append('\n');
            text.append(prefix).append("hostname::").append(hostname).append('\n');
            text.append(prefix).append("health_flags::").append(health_flags).append('\n');
            text.append(prefix).append("weight::").append(weight).append('\n');
        }
    }
}
