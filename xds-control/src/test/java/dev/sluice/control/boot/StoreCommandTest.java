package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.store.SqliteEventStore;
import dev.sluice.control.store.SqliteEventStore.History;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCommandTest {
    @TempDir private Path folder;
    private Map<String, String> environment = Map.of();
    private String out = "";
    private String err = "";

    @Test
    void a_backup_of_a_log_that_is_being_written_comes_back_whole_under_a_higher_epoch() {
        List<LoggedEvent> written;
        try (EventStore store = open("live")) {
            append(store, 1_500);
            assertThat(run("backup", "--state", state("live"), backup())).isZero();
            written = store.read(1, 2_000);
            append(store, 1);
        }
        assertThat(out).contains("backup: 1500 events, head " + written.getLast().hash().hex());

        assertThat(run("restore", "--state", state("new"), backup())).isZero();

        try (EventStore restored = open("new")) {
            assertThat(restored.read(1, 2_000)).isEqualTo(written);
            assertThat(restored.epoch()).isEqualTo(2);
            append(restored, 1);
        }
        assertThat(out).contains("restored: 1500 events").contains("epoch 2");
    }

    @Test
    void a_log_is_never_replaced() {
        try (EventStore store = open("live")) {
            append(store, 2);
            assertThat(run("backup", "--state", state("live"), backup())).isZero();
        }

        assertThat(run("restore", "--state", state("live"), backup())).isEqualTo(1);

        assertThat(err).contains("a log of 2 events").contains("nothing was changed");
        try (EventStore same = open("live")) {
            assertThat(same.head().seq()).isEqualTo(2);
            assertThat(same.epoch()).isEqualTo(1);
        }
    }

    @Test
    void a_backup_never_replaces_a_file() throws IOException {
        open("live").close();
        Files.writeString(folder.resolve("backup"), "precious");

        assertThat(run("backup", "--state", state("live"), backup())).isEqualTo(1);

        assertThat(err).contains("is there already");
        assertThat(folder.resolve("backup")).hasContent("precious");
    }

    @Test
    void a_backup_that_was_changed_or_cut_restores_nothing() throws IOException {
        try (EventStore store = open("live")) {
            append(store, 5);
            assertThat(run("backup", "--state", state("live"), backup())).isZero();
        }
        String whole = Files.readString(folder.resolve("backup"));
        List<String> lines = whole.lines().toList();
        for (String spoilt :
                List.of(
                        whole.replace("gates/g3", "gates/x3"),
                        whole.replace("\"epoch\":1}", "\"epoch\":7}"),
                        String.join("\n", lines.subList(0, 4)) + "\n",
                        whole.substring(0, whole.length() / 2),
                        "{}\n",
                        "no backup at all")) {
            Files.writeString(folder.resolve("backup"), spoilt);

            assertThat(run("restore", "--state", state("new"), backup())).as(spoilt).isEqualTo(1);

            try (EventStore empty = open("new")) {
                assertThat(empty.head().seq()).as("events").isZero();
            }
        }
    }

    @Test
    void a_log_that_a_control_plane_has_is_not_moved() {
        try (EventStore store = open("live")) {
            append(store, 1);

            assertThat(
                            run(
                                    "migrate",
                                    "--state",
                                    state("live"),
                                    "--store",
                                    "jdbc:postgresql://127.0.0.1:1/none"))
                    .isEqualTo(1);
        }
        assertThat(err).contains("in use by another control plane");
        assertThat(run("migrate", "--state", state("live"))).isEqualTo(1);
        assertThat(err).contains("--store").contains("name a database");
    }

    @Test
    void it_is_about_the_log_that_the_variables_of_the_control_plane_name() {
        try (EventStore store = open("live")) {
            append(store, 2);
        }
        environment = Map.of("SLUICE_STATE", state("live"));

        assertThat(run("backup", backup())).isZero();
        assertThat(out).startsWith("backup: 2 events");
        assertThat(run("restore", "--help")).isZero();
        assertThat(out).contains("$SLUICE_STATE");
    }

    private int run(String... arguments) {
        var outText = new StringWriter();
        var errText = new StringWriter();
        int code =
                new StoreCommand(
                                new PrintWriter(outText, true),
                                new PrintWriter(errText, true),
                                new LogDefaults(folder, environment))
                        .run(arguments);
        out = outText.toString();
        err = errText.toString();
        return code;
    }

    private EventStore open(String state) {
        return SqliteEventStore.open(
                folder.resolve(state).resolve(OpenLog.FILE), History.CONTINUED);
    }

    private String state(String name) {
        return folder.resolve(name).toString();
    }

    private String backup() {
        return folder.resolve("backup").toString();
    }

    private static void append(EventStore store, int count) {
        for (int i = 0; i < count; i += 500) {
            appendBatch(store, Math.min(500, count - i));
        }
    }

    private static void appendBatch(EventStore store, int count) {
        List<LoggedEvent> batch = new ArrayList<>();
        EventStore.Head at = store.head();
        for (int i = 0; i < count; i++) {
            LoggedEvent event =
                    HashChain.link(
                            at,
                            store.epoch(),
                            Fixtures.STAMP,
                            new Event.GateDeleted(new GateName("g" + at.seq())));
            batch.add(event);
            at = new EventStore.Head(event.seq(), event.hash());
        }
        store.append(batch);
    }
}
