package dev.sluice.control.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.audit.Checkpoint;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    private static final Duration EVERY = Duration.ofMinutes(10);

    @TempDir private Path folder;
    private Instant now = Fixtures.START;
    private final InstantSource clock = () -> now;
    private final Place place = new Place("folder");
    private final Place other = new Place("url");
    private Path privateKey;
    private Path publicKey;
    private Checkpoints checkpoints;

    @BeforeEach
    void a_key() throws IOException, GeneralSecurityException {
        privateKey = folder.resolve("key");
        publicKey = folder.resolve("key.pub");
        SigningKeys.generate(privateKey, publicKey);
        checkpoints =
                new Checkpoints(
                        List.of(place, other),
                        SigningKeys.readPrivate(privateKey),
                        EVERY,
                        clock,
                        Runnable::run);
    }

    @Test
    void the_end_is_signed_at_once_and_then_when_it_is_another_and_time_has_passed()
            throws IOException, GeneralSecurityException {
        checkpoints.tick(Head.EMPTY);
        assertThat(place.kept).as("of a log without events").isEmpty();

        checkpoints.tick(head(5));
        checkpoints.tick(head(6));
        assertThat(place.seqs()).containsExactly(5L);

        now = now.plus(EVERY);
        checkpoints.tick(head(7));
        now = now.plus(EVERY);
        checkpoints.tick(head(7));

        assertThat(place.seqs()).as("nothing came after 7").containsExactly(5L, 7L);
        var key = SigningKeys.readPublic(publicKey);
        assertThat(place.kept).allMatch(point -> point.isSignedBy(key));
        assertThat(place.kept.getLast().time()).isEqualTo(Fixtures.START.plus(EVERY));
        assertThat(checkpoints.states())
                .contains(new CheckpointState("folder", 7, 0, Optional.empty()));
    }

    @Test
    void a_place_that_fails_is_tried_again_soon_and_holds_up_no_other() {
        place.failure = Optional.of("no space left");
        checkpoints.tick(head(5));
        checkpoints.tick(head(5));

        assertThat(other.seqs()).containsExactly(5L);
        assertThat(checkpoints.states().getFirst())
                .isEqualTo(new CheckpointState("folder", 0, 1, Optional.of("no space left")));

        place.failure = Optional.empty();
        now = now.plus(Duration.ofMinutes(1));
        checkpoints.tick(head(6));

        assertThat(place.seqs()).containsExactly(6L);
        assertThat(other.seqs()).as("not due").containsExactly(5L);
        assertThat(checkpoints.states().getFirst())
                .isEqualTo(new CheckpointState("folder", 6, 1, Optional.empty()));
    }

    @Test
    void a_clock_that_was_set_back_holds_up_nothing() {
        checkpoints.tick(head(5));
        now = now.minus(Duration.ofDays(30));
        checkpoints.tick(head(6));

        assertThat(place.seqs()).containsExactly(5L, 6L);
    }

    @Test
    void while_a_place_is_waited_for_it_gets_nothing_more()
            throws IOException, GeneralSecurityException {
        List<Runnable> waiting = new ArrayList<>();
        Place slow = new Place("url");
        var beside =
                new Checkpoints(
                        List.of(slow),
                        SigningKeys.readPrivate(privateKey),
                        EVERY,
                        clock,
                        waiting::add);
        beside.tick(head(5));
        now = now.plus(EVERY);
        beside.tick(head(6));
        assertThat(waiting).hasSize(1);

        waiting.removeFirst().run();
        beside.tick(head(6));
        waiting.removeFirst().run();

        assertThat(slow.seqs()).containsExactly(5L, 6L);
    }

    @Test
    void a_folder_has_a_file_for_each_and_reads_as_one_file_of_lines_does()
            throws IOException, GeneralSecurityException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        var kept = new CheckpointFolder(outside);
        var key = SigningKeys.readPrivate(privateKey);
        Checkpoint first = Checkpoint.sign(head(5), now, key);
        Checkpoint second = Checkpoint.sign(head(12), now, key);
        kept.put(second);
        kept.put(first);
        kept.put(Checkpoint.sign(head(5), now.plus(EVERY), key));
        Files.writeString(outside.resolve("README"), "not a checkpoint");

        SignedCheckpoints read = SignedCheckpoints.read(outside, SigningKeys.readPublic(publicKey));

        assertThat(read.all())
                .as("the first word about an end stays")
                .containsExactly(first, second);
        assertThat(read.newest()).contains(second);
        try (var files = Files.list(outside)) {
            assertThat(files).as("nothing half written").hasSize(3);
        }
        Path lines =
                Files.writeString(
                        folder.resolve("lines"), first.line() + "\n" + second.line() + "\n");
        assertThat(SignedCheckpoints.read(lines, SigningKeys.readPublic(publicKey)))
                .isEqualTo(read);
        assertThat(SignedCheckpoints.NONE.newest()).isEmpty();
    }

    @Test
    void a_file_that_was_changed_is_told_by_its_name()
            throws IOException, GeneralSecurityException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        new CheckpointFolder(outside)
                .put(Checkpoint.sign(head(5), now, SigningKeys.readPrivate(privateKey)));
        try (var files = Files.list(outside)) {
            Path file = files.findFirst().orElseThrow();
            Files.writeString(file, Files.readString(file).replace(" 5 ", " 6 "));
        }

        var key = SigningKeys.readPublic(publicKey);
        assertThatThrownBy(() -> SignedCheckpoints.read(outside, key))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(".checkpoint, line 1");
        assertThatThrownBy(() ->
                        new CheckpointFolder(folder.resolve("nowhere"))
                                .put(
                                        Checkpoint.sign(
                                                head(5), now, SigningKeys.readPrivate(privateKey))))
                .isInstanceOf(IOException.class);
    }

    private static Head head(long seq) {
        return new Head(seq, Digest.of("event " + seq));
    }

    private static final class Place implements CheckpointPlace {
        private final String kind;
        private final List<Checkpoint> kept = new ArrayList<>();
        private Optional<String> failure = Optional.empty();

        Place(String kind) {
            this.kind = kind;
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public void put(Checkpoint checkpoint) throws IOException {
            if (failure.isPresent()) {
                throw new IOException(failure.get());
            }
            kept.add(checkpoint);
        }

        List<Long> seqs() {
            return kept.stream().map(point -> point.head().seq()).toList();
        }
    }
}
