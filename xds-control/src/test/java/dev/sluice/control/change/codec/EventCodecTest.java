package dev.sluice.control.change.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventCodecTest {
    private static final String GOLDEN = "golden-events.jsonl";
    private static final String SUPERSEDED = "superseded-events.jsonl";

    @Test
    void every_kind_of_event_reads_back_equal() {
        for (Event event : EventSamples.all()) {
            String line = EventCodec.encode(Fixtures.STAMP, event);

            assertThat(EventCodec.decode(line))
                    .as(line)
                    .isEqualTo(new EventCodec.Line(Fixtures.STAMP, event));
        }
    }

    @Test
    void samples_cover_every_case() {
        Set<Class<?>> covered = new HashSet<>();
        EventSamples.all().forEach(event -> covered.add(event.getClass()));

        assertThat(covered).containsExactlyInAnyOrder(Event.class.getPermittedSubclasses());
    }

    @Test
    void lines_of_old_logs_are_still_read_and_written_byte_by_byte() throws IOException {
        List<String> golden = golden();
        List<String> now =
                EventSamples.all().stream()
                        .map(event -> EventCodec.encode(Fixtures.STAMP, event))
                        .toList();

        assertThat(now)
                .as("a renamed case or component breaks every log ever written: keep the old name")
                .isEqualTo(golden);
        assertThat(golden.stream().map(EventCodec::decode).map(EventCodec.Line::event).toList())
                .isEqualTo(EventSamples.all());
    }

    /** Lines as they were before a component was added: read for ever, written no more. */
    @Test
    void superseded_lines_are_still_read() throws IOException {
        assertThat(lines(SUPERSEDED))
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(EventSamples.all()).contains(EventCodec.decode(line).event()));
    }

    @Test
    void a_line_of_a_later_version_is_refused_with_its_place() {
        String line =
                EventCodec.encode(Fixtures.STAMP, new Event.GateDeleted(new GateName("g")))
                        .replaceFirst("\"name\":", "\"later\":1,\"name\":");

        assertThatThrownBy(() -> EventCodec.decode(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Event.later")
                .hasMessageContaining("later version");
    }

    @Test
    void an_unknown_case_is_refused_with_its_name() {
        String line =
                EventCodec.encode(Fixtures.STAMP, new Event.GateDeleted(new GateName("g")))
                        .replace("gate.deleted", "gate.melted");

        assertThatThrownBy(() -> EventCodec.decode(line)).hasMessageContaining("gate.melted");
    }

    @Test
    void what_is_no_json_is_refused() {
        assertThatThrownBy(() -> EventCodec.decode("{\"event\":"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    void a_recording_given_twice_is_one_command_whatever_was_counted_meanwhile() {
        GateRevision revision = new GateRevision(1, 2);
        Command first =
                new Command.RecordBaseline(
                        Fixtures.baseline("before", "g"),
                        Fixtures.recording("g", revision, Fixtures.START));
        Command later =
                new Command.RecordBaseline(
                        Fixtures.baseline("before", "g"),
                        Fixtures.recording("g", revision, Fixtures.START.plusSeconds(1)));
        Command other =
                new Command.RecordBaseline(
                        Fixtures.baseline("before", "h"),
                        Fixtures.recording("g", revision, Fixtures.START));

        assertThat(EventCodec.digest(later)).isEqualTo(EventCodec.digest(first));
        assertThat(EventCodec.digest(other)).isNotEqualTo(EventCodec.digest(first));
    }

    @Test
    void digests_of_commands_differ_by_kind_and_content_and_by_nothing_else() {
        Command kill = new Command.Kill(Fixtures.gateTarget("g"));

        assertThat(EventCodec.digest(kill))
                .isEqualTo(EventCodec.digest(new Command.Kill(Fixtures.gateTarget("g"))))
                .isNotEqualTo(EventCodec.digest(new Command.Kill(Fixtures.gateTarget("h"))))
                .isNotEqualTo(EventCodec.digest(new Command.Rollback(Fixtures.gateTarget("g"))));
    }

    private static List<String> golden() throws IOException {
        return lines(GOLDEN);
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = EventCodecTest.class.getResourceAsStream(resource)) {
            return new String(
                            Objects.requireNonNull(in, resource).readAllBytes(),
                            StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    /** Prints the golden lines, to be added to the file when a case is added. */
    public static void main(String[] arguments) {
        EventSamples.all()
                .forEach(event -> System.out.println(EventCodec.encode(Fixtures.STAMP, event)));
    }
}
