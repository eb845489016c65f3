package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.demo.stage.AdminApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sidecars, two stores, and writers who write the same keys through both at once. */
class WriteAuthorityIT {
    private static final String ELSEWHERE = "127.0.0.2";
    private static final int KEYS = 24;

    @TempDir private Path folder;

    @Test
    void no_key_is_written_to_two_stores_at_once_while_a_gate_goes_up_and_down() throws Exception {
        int port = Spawned.freePort();
        try (Site site = Site.open(folder)) {
            Stock stock = site.keep(new Stock(site.shop().api(), port));
            site.start(DataPlane.SLUICE_DELTA, "edge-1").process().awaitReady();
            site.start(DataPlane.SLUICE_SOTW, "edge-2", ELSEWHERE).process().awaitReady();
            Writers writers =
                    site.keep(
                            new Writers(
                                    List.of(
                                            URI.create("http://" + Site.EDGE + ":" + port),
                                            URI.create("http://" + ELSEWHERE + ":" + port))));
            more(stock);

            stock.raise(40);
            more(stock);
            stock.raise(100);
            more(stock);
            stock.kill();
            more(stock);
            stock.resume();
            more(stock);
            stock.rollBack();
            more(stock);

            writers.end();
            assertThat(stock.stores()).hasSize(KEYS);
            assertThat(stock.stores().values())
                    .as("stores of each key: once up, killed, resumed, rolled back")
                    .containsOnly(List.of("legacy", "new", "legacy", "new", "legacy"));
            assertThat(writers.statuses())
                    .as("of a held write that had to wait for too long: 503")
                    .contains(200)
                    .isSubsetOf(200, 503);
        }
    }

    /** Until each key was surely written again through both. */
    private static void more(Stock stock) {
        int before = stock.written();
        Caller.await(() -> stock.written() > before + KEYS * 8);
        assertThat(stock.written()).as("writes go on").isGreaterThan(before + KEYS * 8);
    }

    /** One writer for each key and sidecar, again and again. */
    private static final class Writers implements AutoCloseable {
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final AtomicBoolean over = new AtomicBoolean();
        private final Set<Integer> statuses = new ConcurrentSkipListSet<>();
        private final List<Future<?>> all = new ArrayList<>();

        Writers(List<URI> sidecars) {
            for (URI sidecar : sidecars) {
                for (int key = 0; key < KEYS; key++) {
                    URI target = sidecar.resolve("/k" + key);
                    all.add(threads.submit(() -> write(target)));
                }
            }
        }

        private Void write(URI target) throws IOException, InterruptedException {
            while (!over.get()) {
                HttpRequest write =
                        HttpRequest.newBuilder(target)
                                .header(AdminApi.KEY_HEADER, target.getPath())
                                .timeout(Duration.ofSeconds(30))
                                .POST(BodyPublishers.ofString("one more"))
                                .build();
                statuses.add(http.send(write, BodyHandlers.discarding()).statusCode());
            }
            return null;
        }

        /** Waits for what is under way; every write must have been answered. */
        void end() throws Exception {
            over.set(true);
            for (Future<?> writer : all) {
                writer.get();
            }
        }

        Set<Integer> statuses() {
            return new TreeSet<>(statuses);
        }

        @Override
        public void close() {
            over.set(true);
            threads.close();
            http.close();
        }
    }
}
