package dev.sluice.chaos.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code GET /metrics} of a run in Prometheus' text format 0.0.4: {@code chaos_fault_active}, one
 * sample for each fault that the run may inject, 1 while it is on. It is there as long as the run
 * is. Thread-safe.
 */
public final class MetricsPage implements AutoCloseable {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final String experiment;
    private final ActiveFaults faults;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private MetricsPage(InetSocketAddress address, String experiment, ActiveFaults faults)
            throws IOException {
        this.experiment = experiment;
        this.faults = faults;
        this.http = HttpServer.create(address, /* backlog= */ 0);
        http.setExecutor(threads);
        http.createContext("/metrics", this::serve);
    }

    /**
     * Starts the page.
     *
     * @param address where; port 0 is any free one
     * @param experiment title, for the label of this name
     * @throws IOException when the address is not to be had
     */
    public static MetricsPage start(
            InetSocketAddress address, String experiment, ActiveFaults faults) throws IOException {
        MetricsPage page = new MetricsPage(address, experiment, faults);
        page.http.start();
        return page;
    }

    public InetSocketAddress address() {
        return http.getAddress();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean isRead = exchange.getRequestMethod().equals("GET");
            byte[] body =
                    isRead
                            ? text(experiment, faults).getBytes(StandardCharsets.UTF_8)
                            : new byte[0];
            exchange.getResponseHeaders().set("content-type", TYPE);
            exchange.sendResponseHeaders(isRead ? 200 : 405, isRead ? body.length : -1);
            exchange.getResponseBody().write(body);
        }
    }

    /** The page. */
    static String text(String experiment, ActiveFaults faults) {
        StringBuilder text =
                new StringBuilder(
                        """
                        # HELP chaos_fault_active Whether a fault of the running experiment is on.
                        # TYPE chaos_fault_active gauge
                        """);
        for (ActiveFaults.Fault fault : faults.known()) {
            text.append("chaos_fault_active{experiment=\"")
                    .append(escaped(experiment))
                    .append("\",fault=\"")
                    .append(escaped(fault.name()))
                    .append("\",gate=\"")
                    .append(escaped(fault.gate()))
                    .append("\",arm=\"")
                    .append(escaped(fault.arm()))
                    .append("\"} ")
                    .append(faults.isOn(fault) ? '1' : '0')
                    .append('\n');
        }
        return text.toString();
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public void close() {
        http.stop(/* delay= */ 0);
        threads.close();
    }
}
