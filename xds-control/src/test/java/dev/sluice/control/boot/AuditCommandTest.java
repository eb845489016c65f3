package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.PersistentMap;
import dev.sluice.control.catalog.StructureMaps;
import dev.sluice.control.catalog.image.CatalogImage;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.change.ImageStore.Image;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.store.SqliteEventStore;
import dev.sluice.control.store.SqliteEventStore.History;
import dev.sluice.testkit.Seeds;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
    private static final int EVENTS = 12;

    @TempDir private Path home;
    private Path state;
    private Path checkpoints;
    private Map<String, String> environment = Map.of();
    private String out = "";
    private String err = "";

    private record Row(long seq, long epoch, String payload, String previous, String hash) {}

    @BeforeEach
    void a_log_and_a_pair_of_keys() throws IOException {
        state = Files.createDirectories(home.resolve(".sluice/control"));
        checkpoints = home.resolve("outside/checkpoints");
        Files.createDirectories(checkpoints.getParent());
        write(state.resolve(OpenLog.FILE), EVENTS, "because");
        assertThat(run("keygen", "--key", file("key"), "--public", file("pub"))).isZero();
    }

    @Test
    void a_whole_log_verifies_also_while_its_owner_has_it() {
        assertThat(run("verify")).isZero();
        assertThat(out).startsWith("whole: 12 events, 0 checkpoints");

        try (var _ = SqliteEventStore.open(log(), History.CONTINUED)) {
            assertThat(run("verify", "--state", state.toString())).isZero();
        }
    }

    @Test
    void it_is_about_the_log_that_the_variables_of_the_control_plane_name() throws IOException {
        Path other = Files.createDirectories(home.resolve("other"));
        write(other.resolve(OpenLog.FILE), 3, "because");
        environment = Map.of("SLUICE_STATE", other.toString());
        assertThat(run("verify")).isZero();
        assertThat(out).startsWith("whole: 3 events");

        environment = Map.of("SLUICE_STATE", other.toString(), "SLUICE_STORE", "jdbc:nothing");
        assertThat(run("verify")).isEqualTo(2);
        assertThat(err).contains("jdbc:nothing");
        assertThat(run("verify", "--state", state.toString())).as("the folder named").isZero();
        assertThat(out).startsWith("whole: 12 events");
    }

    @Test
    void each_verb_says_how_it_is_used() {
        for (String verb : List.of("verify", "export", "checkpoint", "keygen")) {
            assertThat(run(verb, "--help")).as(verb).isZero();
            assertThat(out).contains("Usage: sluice control audit " + verb);
        }
    }

    @Test
    void any_changed_byte_is_found() throws SQLException {
        RandomGenerator random = Seeds.printed("audit").generator();
        List<Row> rows = rows();
        for (int round = 0; round < 50; round++) {
            Row row = rows.get(random.nextInt(rows.size()));
            String payload = row.payload();
            int at = random.nextInt(payload.length());
            char other = payload.charAt(at) == 'x' ? 'y' : 'x';
            put(row, payload.substring(0, at) + other + payload.substring(at + 1), row.epoch());

            assertThat(run("verify")).as("event %d, byte %d", row.seq(), at).isEqualTo(1);
            assertThat(err).contains("event");
            put(row, payload, row.epoch());
        }
        put(rows.getFirst(), rows.getFirst().payload(), 2);
        assertThat(run("verify")).as("its epoch").isEqualTo(1);
        put(rows.getFirst(), rows.getFirst().payload(), 1);
        assertThat(run("verify")).isZero();
    }

    @Test
    void a_cut_log_is_found_by_a_checkpoint_from_outside() throws SQLException {
        assertThat(checkpoint()).isZero();
        execute("DELETE FROM event WHERE seq > 9");

        assertThat(run("verify")).as("the chain alone can't know").isZero();
        assertThat(verifyWithCheckpoints()).isEqualTo(1);
        assertThat(err).contains("cut short").contains("event 12");
    }

    @Test
    void a_log_written_anew_is_found_by_a_checkpoint_from_outside() throws SQLException {
        assertThat(checkpoint()).isZero();
        execute("DELETE FROM event");
        write(log(), EVENTS + 3, "another reason");

        assertThat(run("verify")).as("a chain of its own").isZero();
        assertThat(verifyWithCheckpoints()).isEqualTo(1);
        assertThat(err).contains("written anew");
    }

    @Test
    void a_checkpoint_that_another_key_signed_or_that_was_changed_is_refused() throws IOException {
        assertThat(checkpoint()).isZero();
        assertThat(verifyWithCheckpoints()).isZero();
        assertThat(out).contains("1 checkpoints");
        assertThat(run("keygen", "--key", file("key2"), "--public", file("pub2"))).isZero();

        assertThat(run("verify", "--checkpoints", checkpoints.toString(), "--key", file("pub2")))
                .isEqualTo(2);
        Files.writeString(checkpoints, Files.readString(checkpoints).replace(" 12 ", " 11 "));
        assertThat(verifyWithCheckpoints()).isEqualTo(2);
        assertThat(err).contains("line 1");
    }

    @Test
    void checkpoints_in_a_folder_are_a_file_each_and_verify_together()
            throws IOException, SQLException {
        Path folder = Files.createDirectory(home.resolve("outside/folder"));
        String[] verify = {"verify", "--checkpoints", folder.toString(), "--key", file("pub")};
        String[] sign = {"checkpoint", "--checkpoints", folder.toString(), "--key", file("key")};
        assertThat(run(verify)).as("none yet").isZero();
        assertThat(run(sign)).isZero();
        assertThat(run(sign)).as("of the same end").isZero();

        assertThat(run(verify)).isZero();
        assertThat(out).contains("1 checkpoints, the newest of event 12 at " + Fixtures.START);
        execute("DELETE FROM event WHERE seq > 9");
        assertThat(run(verify)).isEqualTo(1);
        assertThat(err).contains("cut short");
    }

    @Test
    void a_damaged_log_gets_no_checkpoint() throws SQLException {
        execute("UPDATE event SET hash = previous WHERE seq = 5");

        assertThat(checkpoint()).isEqualTo(1);
        assertThat(checkpoints).doesNotExist();
    }

    @Test
    void an_image_that_says_another_thing_than_the_log_is_found() {
        try (var store = SqliteEventStore.open(log(), History.CONTINUED);
                ImageStore images = store.images()) {
            Catalog state = Catalog.EMPTY.applyAll(store.read(1, EVENTS));
            String form = ProgramForm.ofState().orElseThrow();
            images.keep(new Image(store.head(), form, CatalogImage.write(state)));
            assertThat(run("verify")).as("a true image").isZero();

            Catalog forged =
                    state.with(
                            new StructureMaps(
                                    PersistentMap.empty(),
                                    state.versionMap(),
                                    state.routeMap(),
                                    state.goneVersions()));
            images.keep(new Image(store.head(), form, CatalogImage.write(forged)));
        }

        assertThat(run("verify")).isEqualTo(1);
        assertThat(err).contains("the image of event 12").contains("the state that the log makes");
    }

    @Test
    void an_end_that_was_cut_off_is_found_by_an_image() throws SQLException {
        try (var store = SqliteEventStore.open(log(), History.CONTINUED);
                ImageStore images = store.images()) {
            Catalog state = Catalog.EMPTY.applyAll(store.read(1, EVENTS));
            String form = ProgramForm.ofState().orElseThrow();
            images.keep(new Image(store.head(), form, CatalogImage.write(state)));
        }
        execute("DELETE FROM event WHERE seq > 10");

        assertThat(run("verify")).isEqualTo(1);
        assertThat(err).contains("cut short").contains("event 12, of which there is an image");
    }

    @Test
    void an_export_has_every_event_and_runs_nothing() throws SQLException {
        assertThat(run("export")).isZero();
        assertThat(out.lines())
                .hasSize(EVENTS)
                .allSatisfy(line -> assertThat(line).startsWith("{\"seq\":").contains("\"hash\""));

        execute("DELETE FROM event");
        write(log(), 1, "=cmd(\"a\"), then, more");
        assertThat(run("export", "--format", "csv")).isZero();
        assertThat(out.lines().skip(1))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("\"'=cmd(\"\"a\"\"), then, more\""));
        assertThat(run("export", "--from", "2")).isZero();
        assertThat(out).isEmpty();
    }

    @Test
    void an_export_tells_what_each_event_changed_by_digests() throws SQLException {
        execute("DELETE FROM event");
        write(log(), 3, "because");
        assertThat(run("export", "--format", "csv")).isZero();
        List<String> changes =
                out.lines().skip(1).map(line -> line.substring(line.lastIndexOf(',') + 1)).toList();
        assertThat(changes.getFirst()).matches("services/orders - [0-9a-f]{64}");
        assertThat(changes.subList(1, 3)).as("the same content again").containsOnly("");

        assertThat(run("export", "--from", "2")).isZero();
        assertThat(out.lines()).hasSize(2).allMatch(line -> line.endsWith(",\"changes\":[]}"));
        String digest = changes.getFirst().substring(changes.getFirst().lastIndexOf(' ') + 1);
        assertThat(run("export")).isZero();
        assertThat(out.lines().findFirst())
                .hasValueSatisfying(line ->
                        assertThat(line)
                                .endsWith(
                                        ",\"changes\":[{\"resource\":\"services/orders\",\"after\":\""
                                                + digest
                                                + "\"}]}"));
    }

    @Test
    void an_export_of_a_broken_chain_has_every_event_and_says_from_where_it_tells_less()
            throws SQLException {
        execute("DELETE FROM event WHERE seq = 5");

        assertThat(run("export")).isEqualTo(1);
        assertThat(out.lines()).hasSize(EVENTS - 1);
        assertThat(err).contains("event 6", "does not follow event 4", "audit verify");
    }

    @Test
    void wrong_use_says_what_is_expected() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("verify", "--state", file("nowhere"))).isEqualTo(2);
        assertThat(err).contains("--state");
        assertThat(run("verify", "--key", file("pub"))).isEqualTo(2);
        assertThat(err).contains("both or none");
        assertThat(run("keygen", "--key", file("key"), "--public", file("p3"))).isEqualTo(2);
        assertThat(run("checkpoint", "--checkpoints", file("c"), "--key", file("pub")))
                .isEqualTo(2);
        assertThat(err).contains("PRIVATE KEY");
    }

    private int checkpoint() {
        return run("checkpoint", "--checkpoints", checkpoints.toString(), "--key", file("key"));
    }

    private int verifyWithCheckpoints() {
        return run("verify", "--checkpoints", checkpoints.toString(), "--key", file("pub"));
    }

    private int run(String... arguments) {
        var written = new StringWriter();
        var told = new StringWriter();
        int code =
                new AuditCommand(
                                new PrintWriter(written),
                                new PrintWriter(told),
                                new LogDefaults(home, environment),
                                InstantSource.fixed(Fixtures.START))
                        .run(arguments);
        out = written.toString();
        err = told.toString();
        return code;
    }

    private String file(String name) {
        return home.resolve(name).toString();
    }

    private Path log() {
        return state.resolve(OpenLog.FILE);
    }

    private static void write(Path file, int events, String reason) {
        try (var store = SqliteEventStore.open(file, History.CONTINUED)) {
            List<LoggedEvent> batch = new ArrayList<>();
            Head head = store.head();
            for (int i = 0; i < events; i++) {
                Stamp stamp =
                        new Stamp(
                                Fixtures.START.plusSeconds(i),
                                Fixtures.ADMIN,
                                Optional.empty(),
                                "0123456789abcdef",
                                "services/orders",
                                reason);
                LoggedEvent next =
                        HashChain.link(
                                head,
                                store.epoch(),
                                stamp,
                                new Event.ServicePut(Fixtures.service("orders")));
                batch.add(next);
                head = new Head(next.seq(), next.hash());
            }
            store.append(batch);
        }
    }

    private List<Row> rows() throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                var found = statement.executeQuery("SELECT * FROM event ORDER BY seq")) {
            while (found.next()) {
                rows.add(
                        new Row(
                                found.getLong("seq"),
                                found.getLong("epoch"),
                                found.getString("payload"),
                                found.getString("previous"),
                                found.getString("hash")));
            }
        }
        return rows;
    }

    private void put(Row row, String payload, long epoch) throws SQLException {
        try (Connection connection = connection();
                PreparedStatement update =
                        connection.prepareStatement(
                                "UPDATE event SET payload = ?, epoch = ? WHERE seq = ?")) {
            update.setString(1, payload);
            update.setLong(2, epoch);
            update.setLong(3, row.seq());
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + log());
    }
}
