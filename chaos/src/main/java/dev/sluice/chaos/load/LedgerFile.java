package dev.sluice.chaos.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A ledger as JSON lines: first how many requests there should be and when the load began, then one
 * for each. Stateless.
 */
public final class LedgerFile {
    private static final String REMEDY = "name a file that `load` wrote";
    private static final JsonMapper JSON = new JsonMapper();

    private LedgerFile() {}

    /** Writes a ledger, replacing the file. */
    public static void write(Ledger ledger, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            line(
                    JSON.createObjectNode()
                            .put("planned", ledger.planned())
                            .put("start", ledger.start().toString()),
                    out);
            for (Entry entry : ledger.entries()) {
                line(shown(entry), out);
            }
        }
    }

    private static void line(ObjectNode node, BufferedWriter out) throws IOException {
        out.write(JSON.writeValueAsString(node));
        out.write('\n');
    }

    private static ObjectNode shown(Entry entry) {
        Planned planned = entry.planned();
        ObjectNode shown =
                JSON.createObjectNode()
                        .put("id", planned.id())
                        .put("key", planned.key())
                        .put("target", planned.target())
                        .put("operation", planned.operation().name())
                        .put("intended", planned.intended())
                        .put("sent", entry.sent())
                        .put("ended", entry.ended());
        return switch (entry.answer()) {
            case Answer.Complete complete -> {
                shown.put("status", complete.status());
                complete.own().ifPresent(own -> shown.put("own", own));
                complete.decision().ifPresent(decision -> shown.put("decision", decision));
                Answer.Body body = complete.body();
                shown.put("bytes", body.bytes()).put("sha256", body.sha256());
                body.declared().ifPresent(declared -> shown.put("declared", declared));
                body.digest().ifPresent(digest -> shown.put("digest", digest));
                body.ended().ifPresent(ended -> shown.put("complete", ended));
                body.value().ifPresent(value -> shown.put("value", value));
                yield shown;
            }
            case Answer.Cut cut ->
                    shown.put("cut", cut.why())
                            .put("status", cut.status())
                            .put("bytes", cut.bytes());
            case Answer.Failed failed -> shown.put("failed", failed.why());
            case Answer.NotSent _ -> shown.put("not_sent", true);
        };
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException also for a file that is no ledger, with the line
     */
    public static Ledger read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "a folder");
        }
        try (BufferedReader in = Files.newBufferedReader(file)) {
            String head = in.readLine();
            JsonNode first = head == null ? JSON.nullNode() : parsed(file, 1, head);
            if (!first.path("planned").isIntegralNumber()) {
                throw noLedger(file, 1);
            }
            Ledger ledger = new Ledger(start(first, file), first.path("planned").longValue());
            int number = 1;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                ledger.add(entry(file, number, line));
            }
            return ledger;
        } catch (CharacterCodingException binary) {
            throw new IOException(file + ": not UTF-8 (expected: JSON lines); " + REMEDY, binary);
        }
    }

    private static Entry entry(Path file, int number, String line) throws IOException {
        JsonNode read = parsed(file, number, line);
        try {
            return entry(read);
        } catch (IllegalArgumentException wrong) {
            throw noLedger(file, number);
        }
    }

    private static Instant start(JsonNode first, Path file) throws IOException {
        try {
            return Instant.parse(first.path("start").asText());
        } catch (DateTimeParseException wrong) {
            throw noLedger(file, 1);
        }
    }

    private static JsonNode parsed(Path file, int number, String line) throws IOException {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException malformed) {
            throw noLedger(file, number);
        }
    }

    private static IOException noLedger(Path file, int line) {
        return new IOException(
                file
                        + ", line "
                        + line
                        + ": no line of a ledger (expected: JSON lines); "
                        + REMEDY);
    }

    private static Entry entry(JsonNode line) {
        Planned planned =
                new Planned(
                        whole(line, "id"),
                        line.path("key").asText(),
                        (int) whole(line, "target"),
                        Planned.Operation.valueOf(line.path("operation").asText()),
                        whole(line, "intended"));
        return new Entry(planned, whole(line, "sent"), whole(line, "ended"), answer(line));
    }

    private static long whole(JsonNode line, String name) {
        if (!line.path(name).isIntegralNumber()) {
            throw new IllegalArgumentException(name);
        }
        return line.path(name).longValue();
    }

    private static Answer answer(JsonNode line) {
        if (line.has("not_sent")) {
            return new Answer.NotSent();
        }
        if (line.has("failed")) {
            return new Answer.Failed(line.path("failed").asText());
        }
        int status = (int) whole(line, "status");
        if (line.has("cut")) {
            return new Answer.Cut(status, whole(line, "bytes"), line.path("cut").asText());
        }
        return new Answer.Complete(
                status,
                flag(line, "own"),
                text(line, "decision"),
                new Answer.Body(
                        whole(line, "bytes"),
                        line.path("sha256").asText(),
                        number(line, "declared"),
                        text(line, "digest"),
                        flag(line, "complete"),
                        number(line, "value")));
    }

    private static Optional<String> text(JsonNode line, String name) {
        return line.has(name) ? Optional.of(line.path(name).asText()) : Optional.empty();
    }

    private static Optional<Boolean> flag(JsonNode line, String name) {
        return line.has(name) ? Optional.of(line.path(name).asBoolean()) : Optional.empty();
    }

    private static OptionalLong number(JsonNode line, String name) {
        return line.has(name) ? OptionalLong.of(whole(line, name)) : OptionalLong.empty();
    }
}
