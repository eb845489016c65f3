package dev.sluice.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A real Prometheus, which scrapes every second: one page from the beginning, and a sidecar from
 * when it is told of it. A store that it also asks, for series with the label {@code from} alone,
 * is away. Thread-safe.
 */
final class RealPrometheus implements AutoCloseable {
    private static final String CONFIGURATION =
            """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
            - job_name: page
              static_configs: [{targets: ["127.0.0.1:%d"]}]
            - job_name: sidecar
              metrics_path: /stats/prometheus
              file_sd_configs: [{files: ["%s"]}]
            remote_read:
            - url: http://127.0.0.1:%d/read
              read_recent: true
              required_matchers: {from: elsewhere}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path targets;
    private final int port;
    private final Spawned process;

    private RealPrometheus(Path targets, int port, Spawned process) {
        this.targets = targets;
        this.port = port;
        this.process = process;
    }

    /**
     * Starts it; it is not ready yet.
     *
     * @param page port of the page on 127.0.0.1
     */
    static RealPrometheus start(Path folder, int page) throws IOException {
        int port = Spawned.freePort();
        Path targets = Files.writeString(folder.resolve("targets.json"), "[]");
        Path configuration =
                Files.writeString(
                        folder.resolve("prometheus.yaml"),
                        CONFIGURATION.formatted(page, targets, Spawned.freePort()));
        Spawned process =
                Peer.named("prometheus")
                        .start(
                                "Server is ready to receive web requests",
                                List.of(
                                        "--config.file=" + configuration,
                                        "--storage.tsdb.path=" + folder.resolve("series"),
                                        "--web.listen-address=127.0.0.1:" + port));
        return new RealPrometheus(targets, port, process);
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** From now on the sidecar with that admin listener is scraped. */
    void scrape(URI sidecar) throws IOException {
        Path written =
                Files.writeString(
                        targets.resolveSibling("targets.new"),
                        "[{\"targets\": [\"" + sidecar.getAuthority() + "\"]}]");
        Path unused = Files.move(written, targets, StandardCopyOption.ATOMIC_MOVE);
    }

    void awaitReady() {
        String unused = process.awaitReady();
    }

    /** Its answer to an instant query, as it came; empty while it gives none. */
    String ask(String query) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url() + "/api/v1/query"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("query=" + encoded(query)))
                        .build();
        try {
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static String encoded(String query) {
        return URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
