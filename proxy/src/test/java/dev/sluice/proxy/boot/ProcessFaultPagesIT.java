package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.admin.AdminServer;
import dev.sluice.proxy.admin.AdminToken;
import dev.sluice.proxy.process.ProcessFaults;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Faults of a proxy's process, as an experiment takes them. */
@ExtendWith(LeakCheck.class)
class ProcessFaultPagesIT {
    private static final String SECRET = "0123456789abcdef";
    private static final String STALL =
            """
            {"name": "processFaults/stall", "loop_stall": {"length": "0.05s", "every": "0.1s"}, "ttl": "60s"}
            """;

    @TempDir private Path folder;

    private final H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("served"));
    private final Metrics metrics = new Metrics();
    private final ManualClock right = new ManualClock();
    private final OwnFaults own = new OwnFaults(right);
    private RunningProxy proxy;
    private ProcessFaults faults;
    private AdminServer admin;

    @BeforeEach
    void start() throws Exception {
        proxy =
                RunningProxy.start(
                        ProxySettings.defaults().withEventLoops(1).withClock(own.clock()),
                        Yaml.bootstrap(Yaml.routeTo("up"), Yaml.cluster("up", upstream.port())));
        faults = own.of(proxy.proxy());
        OwnGauges.show(metrics, faults);
        admin = open(Optional.of(faults));
    }

    private AdminServer open(Optional<ProcessFaults> allowed) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), SECRET);
        AdminServer.Opening opening =
                AdminServer.open(
                        new SocketAddressSpec(InetAddress.getLoopbackAddress().getHostAddress(), 0),
                        new RunningSubject(
                                proxy.proxy(),
                                metrics,
                                List::of,
                                new LogLevels(),
                                () -> {},
                                allowed),
                        Optional.of(AdminToken.read(file).orThrow()));
        return ((AdminServer.Opening.Opened) opening).server();
    }

    @AfterEach
    void stop() {
        admin.close();
        proxy.close();
        own.close();
        metrics.close();
        upstream.close();
    }

    private static H1Response ask(
            AdminServer of, String method, String path, String body, String... headers)
            throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(of.address().getPort())) {
            return client.exchange(method, path, Headers.of(headers), Body.of(body));
        }
    }

    private H1Response ask(String method, String path, String body) throws Exception {
        return ask(admin, method, path, body, "authorization", "Bearer " + SECRET);
    }

    @Test
    void loops_stand_still_and_traffic_gets_through_between() throws Exception {
        H1Response taken = ask("POST", "/processFaults", STALL);
        ManagedProxy.until(
                "the loop has stood still three times",
                () -> faults.all().getFirst().injected() >= 3);
        int served = RawHttp1Client.get(proxy.port(), "/").status();
        String scraped = ask("GET", "/stats/prometheus", "").body().text();
        H1Response ended = ask("DELETE", "/processFaults/stall", "");

        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.body().text())
                .contains("\"name\": \"processFaults/stall\"", "\"state\": \"ACTIVE\"");
        assertThat(served).isEqualTo(200);
        assertThat(scraped).contains("sluice_process_faults_active 1");
        assertThat(ended.body().text()).contains("\"state\": \"ENDED\"", "\"injected\": ");
        assertThat(faults.active()).isZero();
    }

    @Test
    void a_fault_ends_by_itself() throws Exception {
        ask("POST", "/processFaults", "{\"clock_step\": \"-600s\", \"ttl\": \"1s\"}");

        ManagedProxy.until("its second is over", () -> faults.active() == 0);

        assertThat(own.clock().instant()).isEqualTo(right.instant());
        assertThat(ask("GET", "/processFaults", "").body().text())
                .contains("process_faults", "\"state\": \"EXPIRED\"", "\"injected\": \"1\"");
    }

    @Test
    void the_clock_of_this_process_is_stepped() throws Exception {
        ask("POST", "/processFaults", "{\"clock_step\": \"-600s\", \"ttl\": \"600s\"}");

        assertThat(proxy.proxy().clock().instant()).isEqualTo(right.instant().minusSeconds(600));
    }

    @Test
    void descriptors_of_this_process_are_held_and_given_back() throws Exception {
        H1Response taken =
                ask(
                        "POST",
                        "/processFaults",
                        "{\"name\": \"processFaults/open\", \"descriptors\": 10, \"ttl\": \"60s\"}");
        H1Response memory =
                ask(
                        "POST",
                        "/processFaults",
                        "{\"direct_memory_bytes\": \"2097152\", \"ttl\": \"60s\"}");
        faults.all().forEach(fault -> faults.end(fault.name()));

        assertThat(taken.body().text()).contains("\"injected\": \"10\"");
        assertThat(memory.body().text()).contains("\"injected\": \"2097152\"");
        assertThat(ask("GET", "/processFaults/open", "").body().text()).contains("ENDED");
    }

    @Test
    void a_process_whose_operator_did_not_allow_it_takes_none() throws Exception {
        try (AdminServer closed = open(Optional.empty())) {
            H1Response answer =
                    ask(
                            closed,
                            "POST",
                            "/processFaults",
                            STALL,
                            "authorization",
                            "Bearer " + SECRET);

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body().text()).contains("--allow-process-faults");
        }
    }

    @Test
    void wrong_faults_names_methods_and_tokens_are_refused() throws Exception {
        H1Response wrong = ask("POST", "/processFaults", "{\"heap_bytes\": 5, \"ttl\": \"3600s\"}");

        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().text()).contains("heap_bytes", "ttl");
        assertThat(ask("POST", "/processFaults", "{\"heap\": 5}").status()).isEqualTo(400);
        assertThat(ask(admin, "POST", "/processFaults", STALL).status()).isEqualTo(401);
        assertThat(ask("GET", "/processFaults/none", "").status()).isEqualTo(404);
        assertThat(ask("GET", "/processFaults/No", "").status()).isEqualTo(404);
        assertThat(ask("GET", "/processFaults/a/b", "").status()).isEqualTo(404);
        assertThat(ask("PUT", "/processFaults", "").status()).isEqualTo(405);
        assertThat(ask("POST", "/processFaults/a", "").status()).isEqualTo(405);
        assertThat(faults.all()).isEmpty();
    }

    @Test
    void a_second_fault_of_its_kind_is_refused() throws Exception {
        ask("POST", "/processFaults", STALL);

        H1Response second = ask("POST", "/processFaults", STALL.replace("/stall", "/other"));

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body().text()).contains("processFaults/stall", "loop_stall");
    }
}
