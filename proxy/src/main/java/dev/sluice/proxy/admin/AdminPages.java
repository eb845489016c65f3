package dev.sluice.proxy.admin;

import dev.sluice.proxy.listen.Listeners;
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
            GET  /certs                       certificates and authorities
            GET  /config_dump[?resource=R][&name_regex=RE2][&mask=M][&include_eds]  configuration as it came
            GET  /snapshot                    configuration in force, and what of it has no effect
            GET  /clusters[?format=json]      endpoints and their load
            GET  /listeners[?format=json]     listening sockets
            GET  /gates                       gates in force
            GET  /gates/{gate}/explain?key=K  what the gate decides for a key (&header=name:value …)
            POST /gates/{gate}/kill?reason=R  take the gate back here, until a revision acknowledges it
            GET  /faults[/{fault}]            fault leases and their counters (needs the admin token)
            POST /faults                      takes a fault lease (needs the admin token)
            DELETE /faults/{fault}            ends a fault lease (needs the admin token)
            GET  /processFaults[/{fault}]     faults of this process (needs the admin token)
            POST /processFaults               takes a fault of this process (needs the admin token)
            DELETE /processFaults/{fault}     ends a fault of this process (needs the admin token)
            POST /drain                       stop accepting, ask clients to leave
            POST /drain_listeners[?inboundonly][&graceful]  the same, or of inbound listeners alone
            POST /healthcheck/fail            probes of this proxy's health fail from now on
            POST /healthcheck/ok              they succeed again
            POST /logging[?level=L][&paths=N:L,…][&N=L]  shows or sets log levels
            POST /quitquitquit                the orderly end of this process
            GET  /memory                      memory of this process
            GET  /runtime                     runtime values, layer by layer
            POST /runtime_modify?KEY=VALUE&…  sets values of the admin layer; an empty one takes it out
            POST /tap                         what filters of one id record, as long as the client stays
            GET  /stats[?filter=RE2][&usedonly][&format=json|prometheus]  metrics
            GET  /stats/prometheus            metrics for Prometheus
            """;

    private final AdminSubject subject;
    private final GatePages gates;
    private final FaultPages faults;
    private final ProcessFaultPages processFaults;
    private final LifecyclePages lifecycle;
    private final StatsPage stats;
    private final ClustersPage clusters;
    private final ConfigDumpPage configDump;
    private final CertificatesPage certificates;
    private final RuntimePages runtime;

    AdminPages(AdminSubject subject, Optional<AdminToken> token) {
        this.subject = subject;
        lifecycle = new LifecyclePages(subject);
        stats = new StatsPage(subject);
        clusters = new ClustersPage(subject);
        configDump = new ConfigDumpPage(subject);
        certificates = new CertificatesPage(subject, subject.clock());
        runtime = new RuntimePages(subject);
        faults = new FaultPages(subject.faults(), token);
        processFaults = new ProcessFaultPages(subject.processFaults(), token);
        gates = new GatePages(subject);
    }

    AdminAnswer answer(AdminRequest request) {
        String page = request.segments().isEmpty() ? "" : request.segments().getFirst();
        return switch (page) {
            case "drain" -> posted(request, this::drain);
            case "drain_listeners" -> lifecycle.drainListeners(request);
            case "healthcheck" -> lifecycle.healthCheck(request);
            case "quitquitquit" -> lifecycle.quit(request);
            case "logging" -> lifecycle.logging(request);
            case "runtime" -> runtime.show(request);
            case "runtime_modify" -> runtime.modify(request);
            case "gates" -> gates.answer(request);
            case "faults" -> faults.answer(request);
            case "processFaults" -> processFaults.answer(request);
            case "" -> got(request, () -> AdminAnswer.text(200, PAGES));
            case "ready" -> got(request, this::ready);
            case "server_info" -> got(request, this::serverInfo);
            case "certs" -> got(request, certificates::answer);
            case "config_dump" -> got(request, () -> configDump.answer(request));
            case "snapshot" -> got(request, this::snapshot);
            case "memory" -> got(request, MemoryPage::answer);
            case "listeners" -> got(request, () -> listeners(request));
            case "clusters" -> got(request, () -> clusters.answer(request));
            case "stats" -> got(request, () -> stats.answer(request));
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

    private AdminAnswer serverInfo() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put(
                "state",
                switch (subject.state()) {
                    case ProxyState.Live() -> "LIVE";
                    case ProxyState.Starting _ -> "INITIALIZING";
                    case ProxyState.Draining() -> "DRAINING";
                });
        info.putAll(subject.server());
        return AdminAnswer.json(200, JsonTree.of(info));
    }

    private AdminAnswer listeners(AdminRequest request) {
        if (request.parameter("format").filter("json"::equals).isPresent()) {
            List<Object> statuses = new ArrayList<>();
            for (Listeners.Bound bound : subject.listeners()) {
                Map<String, Object> socket = new LinkedHashMap<>();
                socket.put("address", bound.address().getAddress().getHostAddress());
                socket.put("port_value", bound.address().getPort());
                statuses.add(
                        Map.of(
                                "name",
                                bound.name(),
                                "local_address",
                                Map.of("socket_address", socket)));
            }
            return AdminAnswer.json(200, JsonTree.of(Map.of("listener_statuses", statuses)));
        }
        StringBuilder text = new StringBuilder();
        for (Listeners.Bound bound : subject.listeners()) {
            text.append(bound.name())
                    .append("::")
                    .append(NetUtil.toSocketAddressString(bound.address()))
                    .append('\n');
        }
        return AdminAnswer.text(200, text.toString());
    }

    private AdminAnswer drain() {
        subject.drain();
        return AdminAnswer.text(200, "DRAINING\n");
    }

    private AdminAnswer snapshot() {
        Map<String, Object> dump = new LinkedHashMap<>();
        dump.put("snapshot", subject.snapshot());
        dump.put("inert_fields", subject.origin().inert());
        return AdminAnswer.json(200, JsonTree.of(dump));
    }
}
