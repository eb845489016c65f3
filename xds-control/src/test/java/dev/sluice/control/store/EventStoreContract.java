package dev.sluice.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sluice.contract.GateName;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventReader;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.change.ImageStore.Image;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** What every store does, whatever lies beneath it. */
interface EventStoreContract {
    /** Opens the one log of a test. */
    EventStore open();

    /** Does something to its tables behind the back of the store. */
    void run(String sql) throws SQLException;

    @Test
    default void what_was_appended_is_there_after_a_reopening() {
        List<LoggedEvent> written = new ArrayList<>();
        try (EventStore store = open()) {
            assertThat(store.head()).isEqualTo(Head.EMPTY);
            written.addAll(append(store, 3));
            written.addAll(append(store, 2));
        }

        try (EventStore store = open()) {
            assertThat(store.head().seq()).isEqualTo(5);
            assertThat(store.head().hash()).isEqualTo(written.getLast().hash());
            assertThat(store.read(1, 100)).isEqualTo(written);
            assertThat(store.read(4, 1)).isEqualTo(written.subList(3, 4));
            assertThat(store.read(6, 10)).isEmpty();
        }
    }

    @Test
    default void a_batch_that_does_not_follow_is_refused_whole() {
        try (EventStore store = open()) {
            append(store, 2);
            LoggedEvent skipping =
                    HashChain.link(
                            new Head(7, store.head().hash()),
                            store.epoch(),
                            Fixtures.STAMP,
                            event("gap"));
            LoggedEvent otherEpoch =
                    HashChain.link(store.head(), store.epoch() + 1, Fixtures.STAMP, event("epoch"));

            for (LoggedEvent wrong : List.of(skipping, otherEpoch)) {
                assertThatThrownBy(() -> store.append(List.of(wrong)))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("event 3 of epoch " + store.epoch());
            }

            assertThat(store.read(1, 10)).hasSize(2);
            append(store, 1);
            assertThat(store.read(1, 10)).hasSize(3);
        }
    }

    @Test
    default void a_changed_payload_is_refused_naming_the_last_good_event() throws SQLException {
        try (EventStore store = open()) {
            append(store, 5);
        }
        run("UPDATE event SET payload = replace(payload, 'gates/g2', 'gates/x2') WHERE seq = 3");

        assertThatThrownBy(this::readAll)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("event 3")
                .hasMessageContaining("last good event is 2")
                .hasMessageContaining("restore a backup");
    }

    @Test
    default void an_event_taken_out_is_refused() throws SQLException {
        try (EventStore store = open()) {
            append(store, 5);
        }
        run("DELETE FROM event WHERE seq = 4");

        assertThatThrownBy(this::readAll).hasMessageContaining("last good event is 3");
    }

    @Test
    default void a_line_that_cannot_be_read_is_refused_naming_the_last_good_event()
            throws SQLException {
        try (EventStore store = open()) {
            append(store, 5);
        }
        run("UPDATE event SET payload = '{' WHERE seq = 5");

        assertThatThrownBy(this::readAll)
                .hasMessageContaining("event 5")
                .hasMessageContaining("last good event is 4");
    }

    @Test
    default void an_event_of_a_later_program_is_refused_as_that_and_not_as_damage()
            throws SQLException {
        try (EventStore store = open()) {
            List<LoggedEvent> written = append(store, 2);
            Head end = store.head();
            String payload =
                    written.getLast().payload().replace("\"gate.deleted\"", "\"gate.folded\"");
            assertThat(payload).isNotEqualTo(written.getLast().payload());
            run(
                    "INSERT INTO event (seq, epoch, payload, previous, hash) VALUES (3, %d, '%s', '%s', '%s')"
                            .formatted(
                                    store.epoch(),
                                    payload,
                                    end.hash().hex(),
                                    HashChain.hash(end.hash(), 3, store.epoch(), payload).hex()));

            assertThat(store.after(Head.EMPTY, 2)).as("what it knows").isEqualTo(written);
            assertThatThrownBy(() -> store.after(end, 10))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("event 3")
                    .hasMessageContaining("gate.folded")
                    .hasMessageContaining("run the version that wrote it")
                    .hasMessageNotContaining("restore");
            assertThatThrownBy(() -> append(store, 1))
                    .as("on a log whose end it has not read")
                    .isInstanceOf(StoreException.class);
        }
        run("UPDATE event SET hash = previous WHERE seq = 3");
        assertThatThrownBy(this::readAll)
                .as("with a wrong hash it is damage")
                .hasMessageContaining("last good event is 2")
                .hasMessageContaining("restore a backup");
    }

    @Test
    default void a_reader_of_its_own_sees_what_is_committed_and_checks_it() throws SQLException {
        try (EventStore store = open();
                EventReader reader = store.reader()) {
            List<LoggedEvent> written = new ArrayList<>(append(store, 3));
            assertThat(reader.read(1, 10)).isEqualTo(written);
            written.addAll(append(store, 2));
            assertThat(reader.read(4, 10)).isEqualTo(written.subList(3, 5));
            reader.verify(store.head());

            assertThatThrownBy(() -> reader.verify(new Head(6, store.head().hash())))
                    .hasMessageContaining("last good event is 5");
            assertThatThrownBy(() -> reader.verify(new Head(4, store.head().hash())))
                    .hasMessageContaining("another event 4");
            run("UPDATE event SET epoch = 77 WHERE seq = 3");
            assertThatThrownBy(() -> reader.verify(store.head()))
                    .hasMessageContaining("broken chain at event 3")
                    .hasMessageContaining("last good event is 2");
        }
    }

    @Test
    default void the_newest_whole_image_of_a_form_is_kept() throws SQLException {
        try (EventStore store = open();
                ImageStore images = store.images()) {
            append(store, 3);
            assertThat(images.newest("a")).isEmpty();
            Image first = image(store.head(), "a", 10);
            images.keep(first);
            images.keep(first);
            assertThat(images.newest("a")).contains(first);
            assertThat(images.newest("b")).as("of another program").isEmpty();

            append(store, 1);
            Image next = image(store.head(), "a", 3_000_000);
            images.keep(next);
            assertThat(images.newest("a")).contains(next);
            append(store, 1);
        }
        try (EventStore store = open();
                ImageStore images = store.images()) {
            assertThat(images.newest("a")).isPresent();
            run("DELETE FROM image_part WHERE part = 1");
            assertThat(images.newest("a")).as("without a part").isEmpty();
            run("UPDATE image SET hash = 'none'");
            assertThat(images.newest("a")).as("of no place").isEmpty();
        }
    }

    /** Neither loses anything to the other, whoever is first. */
    @Test
    default void events_are_appended_while_an_image_is_written() {
        try (EventStore store = open();
                ImageStore images = store.images()) {
            append(store, 1);
            Image image = image(store.head(), "a", 3_000_000);
            var appended = new AtomicBoolean();
            CompletableFuture<Void> keeping =
                    CompletableFuture.runAsync(() -> {
                        do {
                            images.keep(image);
                        } while (!appended.get());
                    });
            for (int i = 0; i < 50; i++) {
                append(store, 1);
            }
            appended.set(true);
            keeping.orTimeout(30, TimeUnit.SECONDS).join();

            assertThat(store.head().seq()).isEqualTo(51);
            assertThat(images.newest("a")).contains(image);
        }
    }

    private static Image image(Head head, String form, int size) {
        byte[] content = new byte[size];
        RandomGeneratorFactory.of("L64X128MixRandom").create(size).nextBytes(content);
        return new Image(head, form, ByteString.copyFrom(content));
    }

    /** Reads the log as a start does. */
    default void readAll() {
        try (EventStore store = open()) {
            Head at = Head.EMPTY;
            List<LoggedEvent> page = store.after(at, 2);
            while (!page.isEmpty()) {
                at = new Head(page.getLast().seq(), page.getLast().hash());
                page = store.after(at, 2);
            }
        }
    }

    /** Appends so many events after the end, in one batch. */
    static List<LoggedEvent> append(EventStore store, int count) {
        List<LoggedEvent> batch = new ArrayList<>();
        Head at = store.head();
        for (int i = 0; i < count; i++) {
            LoggedEvent event =
                    HashChain.link(at, store.epoch(), Fixtures.STAMP, event("g" + at.seq()));
            batch.add(event);
            at = new Head(event.seq(), event.hash());
        }
        store.append(batch);
        return batch;
    }

    private static Event event(String gate) {
        return new Event.GateDeleted(new GateName(gate));
    }
}
