package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.admin.AdminServer;
import dev.sluice.proxy.admin.AdminToken;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.testkit.LeakCheck;
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

/** Fault leases as an experiment takes them: over the proxy's own admin listener. */
@ExtendWith(LeakCheck.class)
class FaultPagesIT {
    private static final String SECRET = "0123456789abcdef";
    private static final String LEASE =
            """
            {"name": "faults/drill", "gate": "gates/orders", "arm": "NEW",
             "fault": {"http_status": 503}, "ttl": "60s", "budget": 10, "seed": 7,
             "selection": {"headers": [{"name": "x-drill", "present_match": true}]}}
            """;

    @TempDir private Path folder;

    private final H1Upstream old = H1Upstream.start(request -> H1Answer.ok("old"));
    private final H1Upstream fresh = H1Upstream.start(request -> H1Answer.ok("new"));
    private final Metrics metrics = new Metrics();
    private RunningProxy proxy;
    private AdminServer admin;

    @BeforeEach
    void start() throws Exception {
        proxy =
                RunningProxy.start(
                        1,
                        Yaml.bootstrap(
                                Yaml.gatedRoute(1_000_000, "READ", ""),
                                Yaml.cluster("old", old.port()),
                                Yaml.cluster("new", fresh.port())));
        Path file = Files.writeString(folder.resolve("token"), SECRET + "\n");
        admin = open(Optional.of(AdminToken.read(file).orThrow()));
    }

    private AdminServer open(Optional<AdminToken> token) throws Exception {
        AdminServer.Opening opening =
                AdminServer.open(
                        new SocketAddressSpec(InetAddress.getLoopbackAddress().getHostAddress(), 0),
                        new RunningSubject(
                                proxy.proxy(),
                                metrics,
                                List::of,
                                new LogLevels(),
                                () -> {},
                                Optional.empty()),
                        token);
        return ((AdminServer.Opening.Opened) opening).server();
    }

    @AfterEach
    void stop() {
        admin.close();
        proxy.close();
        metrics.close();
        old.close();
        fresh.close();
    }

    private static H1Response ask(AdminServer of, String method, String path, String body)
            throws Exception {
        return ask(of, method, path, body, "authorization", "Bearer " + SECRET);
    }

    private static H1Response ask(
            AdminServer of, String method, String path, String body, String... headers)
            throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(of.address().getPort())) {
            return client.exchange(method, path, Headers.of(headers), Body.of(body));
        }
    }

    private int get(String... headers) throws Exception {
        return RawHttp1Client.get(proxy.port(), "/", headers).status();
    }

    @Test
    void a_lease_is_taken_watched_and_ended() throws Exception {
        H1Response taken = ask(admin, "POST", "/faults", LEASE);
        int chosen = get("x-user", "u1", "x-drill", "1");
        int other = get("x-user", "u1");
        H1Response watched = ask(admin, "GET", "/faults/drill", "");
        H1Response ended = ask(admin, "DELETE", "/faults/drill", "");
        int after = get("x-user", "u1", "x-drill", "1");
        H1Response listed = ask(admin, "GET", "/faults", "");

        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.body().text())
                .contains("\"name\": \"faults/drill\"", "\"state\": \"ACTIVE\"", "expire_time");
        assertThat(chosen).as("a request that the lease chose").isEqualTo(503);
        assertThat(other).as("a request without its header").isEqualTo(200);
        assertThat(watched.body().text())
                .contains("\"matched\": \"1\"", "\"injected\": \"1\"", "\"seed\": \"7\"");
        assertThat(ended.body().text()).contains("\"state\": \"ENDED\"");
        assertThat(after).as("after its end").isEqualTo(200);
        assertThat(listed.body().text()).contains("fault_leases", "faults/drill");
    }

    @Test
    void every_problem_of_a_lease_is_told_and_nothing_is_taken() throws Exception {
        H1Response grammar = ask(admin, "POST", "/faults", "{\"gat\": 1, \"arm\": \"OLD\"}");
        H1Response meaning = ask(admin, "POST", "/faults", "{\"gate\": \"orders\", \"budget\": 0}");

        assertThat(grammar.status()).isEqualTo(400);
        assertThat(grammar.body().text()).contains("gat", "OLD");
        assertThat(meaning.status()).isEqualTo(400);
        assertThat(meaning.body().text().lines()).hasSize(5);
        assertThat(meaning.body().text()).contains("gate", "arm", "fault", "ttl", "budget");
        assertThat(proxy.proxy().faults().all()).isEmpty();
    }

    @Test
    void a_lease_is_renewed_while_it_is_active() throws Exception {
        ask(admin, "POST", "/faults", LEASE);

        H1Response renewed = ask(admin, "POST", "/faults/drill:renew", "{\"ttl\": \"3600s\"}");
        H1Response none = ask(admin, "POST", "/faults/other:renew", "{\"ttl\": \"60s\"}");
        H1Response wrong = ask(admin, "POST", "/faults/drill:renew", "{\"ttl\": \"2h\"}");
        H1Response empty = ask(admin, "POST", "/faults/drill:renew", "{}");
        ask(admin, "DELETE", "/faults/drill", "");
        H1Response late = ask(admin, "POST", "/faults/drill:renew", "{\"ttl\": \"60s\"}");

        assertThat(renewed.status()).isEqualTo(200);
        assertThat(renewed.body().text()).contains("\"state\": \"ACTIVE\"");
        assertThat(none.status()).as("a name that is not known").isEqualTo(404);
        assertThat(wrong.status()).as("no duration").isEqualTo(400);
        assertThat(empty.status()).as("no ttl").isEqualTo(400);
        assertThat(late.status()).as("after its end").isEqualTo(409);
        assertThat(late.body().text()).contains("ENDED");
        assertThat(ask(admin, "GET", "/faults/drill:renew", "").status()).isEqualTo(405);
    }

    @Test
    void a_lease_for_one_endpoint_meets_no_other() throws Exception {
        String elsewhere =
                LEASE.replace("\"headers\"", "\"endpoints\": [\"127.0.0.1:1\"], \"headers\"");
        String here = elsewhere.replace("127.0.0.1:1\"", "127.0.0.1:" + fresh.port() + "\"");

        ask(admin, "POST", "/faults", elsewhere);
        int other = get("x-user", "u1", "x-drill", "1");
        ask(admin, "DELETE", "/faults/drill", "");
        ask(admin, "POST", "/faults", here);
        int its = get("x-user", "u1", "x-drill", "1");

        assertThat(other).as("another endpoint of the arm").isEqualTo(200);
        assertThat(its).as("its endpoint").isEqualTo(503);
    }

    @Test
    void a_name_is_taken_once() throws Exception {
        ask(admin, "POST", "/faults", LEASE);

        assertThat(ask(admin, "POST", "/faults", LEASE).status()).isEqualTo(409);
    }

    @Test
    void nobody_gets_in_without_the_token() throws Exception {
        String[][] shown = {
            {},
            {"authorization", "Bearer 0123456789abcdeX"},
            {"authorization", "Bearer " + SECRET + "0"},
            {"authorization", "Basic " + SECRET},
            {"authorization", SECRET},
        };
        for (String[] headers : shown) {
            H1Response answer = ask(admin, "POST", "/faults", LEASE, headers);

            assertThat(answer.status()).as(String.join(": ", headers)).isEqualTo(401);
            assertThat(answer.headers().first("www-authenticate").orElseThrow())
                    .startsWith("Bearer");
        }
        assertThat(ask(admin, "GET", "/faults", "", "authorization", "bearer " + SECRET).status())
                .as("the scheme in any case")
                .isEqualTo(200);
        assertThat(proxy.proxy().faults().all()).isEmpty();
    }

    @Test
    void a_process_without_a_token_takes_no_faults() throws Exception {
        try (AdminServer open = open(Optional.empty())) {
            H1Response answer = ask(open, "POST", "/faults", LEASE);

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body().text()).contains("--admin-token");
        }
    }

    @Test
    void wrong_names_methods_and_sizes_are_refused() throws Exception {
        assertThat(ask(admin, "GET", "/faults/none", "").status()).isEqualTo(404);
        assertThat(ask(admin, "GET", "/faults/No", "").status()).isEqualTo(404);
        assertThat(ask(admin, "DELETE", "/faults/none", "").status()).isEqualTo(404);
        assertThat(ask(admin, "PUT", "/faults", "").status()).isEqualTo(405);
        assertThat(ask(admin, "POST", "/faults/none", "").status()).isEqualTo(405);
        assertThat(ask(admin, "GET", "/faults/a/b", "").status()).isEqualTo(404);
        assertThat(ask(admin, "POST", "/faults", " ".repeat(70_000)).status()).isEqualTo(413);
    }

    @Test
    void a_token_file_is_read_whole_or_refused() throws Exception {
        Path file = folder.resolve("other");

        assertThat(AdminToken.read(file).problems()).as("no file").hasSize(1);
        for (String wrong : List.of("", "short", "0123456789 abcdef", "0123456789abcdé-----")) {
            Files.writeString(file, wrong);
            assertThat(AdminToken.read(file).problems()).as(wrong).hasSize(1);
            assertThat(AdminToken.read(file).problems().toString())
                    .as("the token is not shown")
                    .doesNotContain("0123456789");
        }
    }
}
