package dev.sluice.proxy.telemetry;

import dev.sluice.contract.Parsed;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;

/** Access logs as they come out of a configuration. */
final class LogSpecs {
    private static final String HTTP =
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

    private LogSpecs() {}

    /**
     * A log of a file.
     *
     * @param settings in flow style, with a comma before each, such as {@code , format: x}
     */
    static AccessLogSpec file(String settings) {
        return of(read("", settings));
    }

    /** A log with this filter, in flow style. */
    static AccessLogSpec filtered(String filter) {
        return of(read("filter: {" + filter + "}, ", ""));
    }

    /** What a configuration is told about such a log. */
    static String problems(String filter, String settings) {
        return switch (read(filter, settings)) {
            case Parsed.Ok<BootstrapSpec> taken -> throw new AssertionError("taken: " + taken);
            case Parsed.Refused<BootstrapSpec> refused -> refused.message();
        };
    }

    /** What the configuration of such a log says without effect. */
    static java.util.List<String> inert(String settings) {
        return read("", settings).orThrow().inert();
    }

    private static AccessLogSpec of(Parsed<BootstrapSpec> read) {
        return read.orThrow()
                .listeners()
                .getFirst()
                .allChains()
                .flatMap(chain -> chain.filter().accessLogs().stream())
                .findFirst()
                .orElseThrow();
    }

    private static Parsed<BootstrapSpec> read(String filter, String settings) {
        return BootstrapReader.read(
                """
                static_resources:
                  listeners:
                    - name: main
                      address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                      filter_chains:
                        - filters:
                            - name: http
                              typed_config:
                                "@type": %s
                                stat_prefix: main
                                http_filters:
                                  - name: router
                                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                                route_config: {name: r, virtual_hosts: [{name: v, domains: ["*"], routes: []}]}
                                access_log:
                                  - {name: log, %styped_config: {"@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /tmp/a%s}}
                """
                        .formatted(HTTP, filter, settings),
                "bootstrap.yaml");
    }
}
