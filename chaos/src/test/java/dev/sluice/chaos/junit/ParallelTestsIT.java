package dev.sluice.chaos.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.sluice.chaos.fault.ScriptedSidecar;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Tests of one class that run in parallel and share a network and a sidecar. */
class ParallelTestsIT {
    private static final Map<String, String> IN_PARALLEL =
            Map.of(
                    "junit.jupiter.execution.parallel.enabled", "true",
                    "junit.jupiter.execution.parallel.mode.default", "concurrent",
                    "junit.jupiter.execution.parallel.config.strategy", "fixed",
                    "junit.jupiter.execution.parallel.config.fixed.parallelism", "8");

    private static TestExecutionSummary run(Class<?> tests) {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(tests))
                        .configurationParameters(IN_PARALLEL)
                        .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }

    @Test
    void no_test_meets_the_faults_of_another() {
        TestExecutionSummary summary = run(Shop.class);

        assertThat(summary.getFailures())
                .extracting(failure -> failure.getException().toString())
                .isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(24);
    }

    @Test
    void a_toxic_of_the_class_is_in_the_way_of_each_of_its_tests() {
        TestExecutionSummary summary = run(ShopWithoutStock.class);

        assertThat(summary.getTestsSucceededCount()).isEqualTo(2);
        assertThat(summary.getFailures())
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.getException())
                                .hasMessageContaining("the test has proved nothing")
                                .hasMessageContaining("nothing came by"));
    }

    private static boolean answers(InetSocketAddress stock) throws IOException {
        try (Socket socket = new Socket(stock.getAddress(), stock.getPort())) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nhost: stock\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() > 0;
        }
    }

    /** Run by the launcher only, as its name is no test's. */
    @ExtendWith(ChaosExtension.class)
    static class Shop {
        private static final H1Upstream STOCK = H1Upstream.start(_ -> H1Answer.ok("42"));
        private static final ScriptedSidecar SIDECAR = ScriptedSidecar.meeting(3);
        private static InetSocketAddress stock = STOCK.address();

        @BeforeAll
        static void connect(FaultyNetwork network) {
            stock = network.between("stock", STOCK.address());
            System.setProperty("parallel.sidecar", SIDECAR.url());
            System.setProperty("parallel.token", ScriptedSidecar.TOKEN);
        }

        @AfterAll
        static void stop() {
            System.clearProperty("parallel.sidecar");
            System.clearProperty("parallel.token");
            SIDECAR.close();
            STOCK.close();
        }

        @RepeatedTest(8)
        @Toxic(proxy = "stock", type = "timeout", attributes = "timeout=1")
        void the_stock_does_not_answer() throws IOException {
            assertThat(answers(stock)).isFalse();
        }

        @RepeatedTest(8)
        void the_stock_answers() throws IOException {
            assertThat(answers(stock)).isTrue();
        }

        @RepeatedTest(8)
        @GateFault(
                sidecars = "${parallel.sidecar}",
                token = "${parallel.token}",
                gate = "gates/orders",
                arm = "NEW",
                fault = "{\"http_status\": 503}")
        void one_lease_at_a_time_is_on_a_gate() {
            assertThat(SIDECAR.leases())
                    .filteredOn(lease -> lease.path("state").asText().equals("ACTIVE"))
                    .hasSize(1);
        }
    }

    /** Run by the launcher only, as its name is no test's. */
    @Toxic(proxy = "stock", type = "timeout", attributes = "timeout=1")
    static class ShopWithoutStock {
        private static final H1Upstream STOCK = H1Upstream.start(_ -> H1Answer.ok("42"));
        private static InetSocketAddress stock = STOCK.address();

        @BeforeAll
        static void connect(FaultyNetwork network) {
            stock = network.between("stock", STOCK.address());
        }

        @AfterAll
        static void stop() {
            STOCK.close();
        }

        @RepeatedTest(2)
        void the_stock_does_not_answer() throws IOException {
            assertThat(answers(stock)).isFalse();
        }

        @Test
        void forgets_to_ask_the_stock() {
            assertThat(stock).isNotNull();
        }
    }
}
