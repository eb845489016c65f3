package dev.sluice.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.demo.change.ShopSchema;
import dev.sluice.demo.load.Entry.Outcome.Answered;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading back finds what a version shows otherwise than it was acknowledged. */
class ReadBackIT {
    private static final String ID = "00000000-0000-0000-0000-000000000007";
    private static final String RENAMES =
            "every acknowledged rename reads back the same through legacy";
    private static final String ORDERS =
            "every acknowledged order reads back the same through legacy";
    private static final String ROWS = "every acknowledged order is in the database once";

    private final Map<String, String> shown = new ConcurrentHashMap<>();
    private final Ledger ledger = new Ledger();
    private EmbeddedPostgres server;
    private H1Upstream version;

    @BeforeEach
    void start() throws IOException, SQLException {
        server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        ShopSchema.create(server.getPostgresDatabase(), 10, new SplittableRandom(1));
        run(
                "INSERT INTO orders (id, customer_id, item, ship_to) VALUES ('"
                        + ID
                        + "', 7, 'a hat', 'Ada Lovelace')");
        version = H1Upstream.start(this::show);
        ledger.record(acknowledged(new Call.Rename(7, "Ada Lovelace"), "{}"));
        ledger.record(
                acknowledged(
                        new Call.PlaceOrder(7, ID, "a hat"), "{\"ship_to\":\"Ada Lovelace\"}"));
        shown.put("/customers/7", "{\"customer_name\":\"Ada Lovelace\"}");
        shown.put("/orders/7/" + ID, "{\"item\":\"a hat\",\"ship_to\":\"Ada Lovelace\"}");
    }

    @AfterEach
    void stop() throws IOException {
        version.close();
        server.close();
    }

    @Test
    void what_reads_back_as_it_was_acknowledged_holds() throws Exception {
        assertThat(violated()).isEmpty();
    }

    @Test
    void a_name_in_the_new_words_is_the_same_name() throws Exception {
        shown.put("/customers/7", "{\"first_name\":\"Ada\",\"last_name\":\"Lovelace\"}");

        assertThat(violated()).isEmpty();
    }

    @Test
    void another_name_is_found() throws Exception {
        shown.put("/customers/7", "{\"customer_name\":\"Ada\"}");

        assertThat(violated()).containsExactly(RENAMES);
    }

    @Test
    void an_order_that_a_version_does_not_show_is_found_though_its_row_is_there() throws Exception {
        shown.remove("/orders/7/" + ID);

        assertThat(violated()).containsExactly(ORDERS);
    }

    @Test
    void an_order_that_goes_to_another_name_is_found() throws Exception {
        shown.put("/orders/7/" + ID, "{\"item\":\"a hat\",\"ship_to\":\"Ada\"}");

        assertThat(violated()).containsExactly(ORDERS);
    }

    @Test
    void an_order_without_its_row_is_found() throws Exception {
        run("DELETE FROM orders");

        assertThat(violated()).containsExactly(ROWS);
    }

    private List<String> violated() throws Exception {
        Map<String, URI> legacy =
                Map.of("legacy", URI.create("http://127.0.0.1:" + version.port()));
        return new ReadBack(legacy, legacy, server.getPostgresDatabase())
                .check(ledger).checks().stream()
                        .filter(check -> !check.holds())
                        .map(Findings.Check::claim)
                        .toList();
    }

    private H1Answer show(H1Request request) {
        String body = shown.get(request.target());
        return body == null ? H1Answer.status(404) : H1Answer.ok(body);
    }

    private static Entry acknowledged(Call call, String body) {
        return new Entry(
                call,
                Instant.EPOCH,
                Duration.ZERO,
                new Answered(200, "", Optional.empty(), Optional.empty(), body));
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
