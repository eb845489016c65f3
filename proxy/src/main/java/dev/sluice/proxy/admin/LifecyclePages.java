package dev.sluice.proxy.admin;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The admin pages that pre-stop hooks and people on call use, in Envoy's shapes: health, draining,
 * the end, and log levels. Each changes state, by POST only. Thread-safe.
 */
final class LifecyclePages {
    private static final String DONE = "OK\n";

    private final AdminSubject subject;

    LifecyclePages(AdminSubject subject) {
        this.subject = subject;
    }

    /** {@code /healthcheck/fail} and {@code /healthcheck/ok}. */
    AdminAnswer healthCheck(AdminRequest request) {
        String wanted = request.segments().size() == 2 ? request.segments().get(1) : "";
        return switch (wanted) {
            case "fail" -> AdminPages.posted(request, () -> done(subject::failHealth));
            case "ok" -> AdminPages.posted(request, () -> done(subject::restoreHealth));
            default -> AdminAnswer.text(404, "healthcheck has the pages fail and ok\n");
        };
    }

    /**
     * {@code /drain_listeners}. Clients are always asked to leave, as Envoy's {@code graceful}
     * does; with {@code inboundonly} those of inbound listeners alone.
     */
    AdminAnswer drainListeners(AdminRequest request) {
        return AdminPages.posted(
                request,
                () -> done(request.has("inboundonly") ? subject::drainInbound : subject::drain));
    }

    /** {@code /quitquitquit}: the orderly end of the process. */
    AdminAnswer quit(AdminRequest request) {
        return AdminPages.posted(request, () -> done(subject::quit));
    }

    /**
     * {@code /logging}: shows the levels, or sets them. {@code ?level=debug} sets all, {@code
     * ?NAME=debug} one, {@code ?paths=NAME:debug,…} several.
     */
    AdminAnswer logging(AdminRequest request) {
        return AdminPages.posted(
                request,
                () -> {
                    Map<String, String> wanted = new TreeMap<>();
                    request.parameters()
                            .forEach(parameter -> {
                                if (parameter.name().equals("paths")) {
                                    several(parameter.value(), wanted);
                                } else if (parameter.name().equals("level")) {
                                    subject.logLevels()
                                            .keySet()
                                            .forEach(name -> wanted.put(name, parameter.value()));
                                } else {
                                    wanted.put(parameter.name(), parameter.value());
                                }
                            });
                    Optional<String> problem = subject.logAt(wanted);
                    return problem.map(text -> AdminAnswer.text(400, text + "\n"))
                            .orElseGet(this::levels);
                });
    }

    private static void several(String paths, Map<String, String> wanted) {
        for (String path : paths.split(",", -1)) {
            int colon = path.lastIndexOf(':');
            wanted.put(
                    colon < 0 ? path : path.substring(0, colon),
                    colon < 0 ? "" : path.substring(colon + 1));
        }
    }

    private AdminAnswer levels() {
        StringBuilder text = new StringBuilder("active loggers:\n");
        subject.logLevels()
                .forEach((name, level) ->
                        text.append("  ").append(name).append(": ").append(level).append('\n'));
        return AdminAnswer.text(200, text.toString());
    }

    private static AdminAnswer done(Runnable action) {
        action.run();
        return AdminAnswer.text(200, DONE);
    }
}
