package dev.sluice.chaos.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.fault.ScriptedSidecar;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The annotations as a service's own tests use them; the page shows a part of this file. */
@ExtendWith(ChaosExtension.class)
class ShopUnderFaultsIT {
    private static final H1Upstream STOCK = H1Upstream.start(_ -> H1Answer.ok("42"));
    private static final ScriptedSidecar SIDECAR = ScriptedSidecar.meeting(3);
    private static InetSocketAddress stock = STOCK.address();

    // begin of the example
    @BeforeAll
    static void connect(FaultyNetwork network) {
        stock = network.between("stock", STOCK.address());
    }

    @Test
    @Toxic(proxy = "stock", type = "timeout", attributes = "timeout=1")
    void an_order_is_taken_though_the_stock_does_not_answer() {
        assertThat(new Shop(stock).order()).isEqualTo("taken, stock unknown");
    }

    @Test
    @GateFault(
            sidecars = "${shop.sidecar}",
            token = "${shop.token}",
            gate = "gates/orders",
            arm = "NEW",
            fault = "{\"delay\": \"500ms\"}",
            share = 10)
    void an_order_is_taken_though_the_new_version_is_slow() {
        assertThat(new Shop(stock).order()).isEqualTo("taken");
    }

    // end of the example

    @BeforeAll
    static void name() {
        System.setProperty("shop.sidecar", SIDECAR.url());
        System.setProperty("shop.token", ScriptedSidecar.TOKEN);
    }

    @AfterAll
    static void stop() {
        System.clearProperty("shop.sidecar");
        System.clearProperty("shop.token");
        assertThat(SIDECAR.leases())
                .as("leases after all tests")
                .singleElement()
                .satisfies(lease -> {
                    assertThat(lease.path("state").asText()).isEqualTo("ENDED");
                    assertThat(lease.path("selection").path("share_ppm").asInt())
                            .isEqualTo(100_000);
                });
        SIDECAR.close();
        STOCK.close();
    }

    @Test
    void a_toxic_is_gone_after_its_test() {
        assertThat(new Shop(stock).order()).isEqualTo("taken");
    }

    @Test
    @Toxic(proxy = "other", type = "noop")
    void a_network_is_faulty_for_names_that_come_during_the_test(FaultyNetwork network)
            throws IOException {
        InetSocketAddress other = network.between("other", STOCK.address());

        assertThat(network.between("other", STOCK.address())).isEqualTo(other);
        network.down("other");
        assertThat(new Shop(other).order()).isEqualTo("taken, stock unknown");
        network.up("other");
        assertThat(new Shop(other).order()).isEqualTo("taken");
    }

    @Test
    void a_toxic_that_is_in_nobodys_way_proves_nothing() throws Exception {
        Toxic toxic =
                ShopUnderFaultsIT.class
                        .getDeclaredMethod(
                                "a_network_is_faulty_for_names_that_come_during_the_test",
                                FaultyNetwork.class)
                        .getAnnotation(Toxic.class);
        try (FaultyNetwork network = new FaultyNetwork(1)) {
            network.declare(List.of(toxic));

            assertThat(network.heal())
                    .containsExactly("the toxic of 'other' was never in the way: no such proxy");
            assertThat(network.heal()).as("forgotten").isEmpty();

            InetSocketAddress unused = network.between("other", STOCK.address());
            network.declare(List.of(toxic));
            assertThat(network.heal())
                    .containsExactly("the toxic of 'other' was never in the way: nothing came by");
        }
    }

    @Test
    void a_gate_fault_that_changed_nothing_proves_nothing() throws Exception {
        GateFault fault =
                ShopUnderFaultsIT.class
                        .getDeclaredMethod("an_order_is_taken_though_the_new_version_is_slow")
                        .getAnnotation(GateFault.class);
        try (ScriptedSidecar idle = ScriptedSidecar.meeting(0);
                GateLeases leases =
                        GateLeases.take(
                                List.of(fault),
                                name ->
                                        Optional.of(
                                                name.endsWith("token")
                                                        ? ScriptedSidecar.TOKEN
                                                        : idle.url()),
                                "t1")) {
            assertThat(leases.unproved())
                    .containsExactly("@GateFault[0] changed 0 attempts (expected: 1 or more)");
        }
    }

    @Test
    void the_page_shows_the_example() throws IOException {
        String source =
                Files.readString(
                        Path.of("src/test/java/dev/sluice/chaos/junit/ShopUnderFaultsIT.java"));
        String begin = "    // begin of the example\n";
        String example =
                source.substring(
                                source.indexOf(begin) + begin.length(),
                                source.indexOf("\n    // end of the example"))
                        .stripTrailing()
                        .stripIndent();

        assertThat(Files.readString(Path.of("../docs/chaos.md"))).contains(example.strip());
    }

    /** What is tested. */
    private record Shop(InetSocketAddress stock) {
        String order() {
            try (HttpClient http = HttpClient.newHttpClient()) {
                HttpResponse<String> answer =
                        http.send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://127.0.0.1:"
                                                                + stock.getPort()
                                                                + "/"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                return answer.statusCode() == 200 ? "taken" : "refused";
            } catch (IOException e) {
                return "taken, stock unknown";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "interrupted";
            }
        }
    }
}
