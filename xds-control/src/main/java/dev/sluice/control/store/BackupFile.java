package dev.sluice.control.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.contract.Problem;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.change.codec.EventCodec;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log as a file of its own, the same from every store: JSON lines in UTF-8. Owned by one thread.
 *
 * <pre>
 * {"sluice_backup":1,"epoch":3}
 * {"seq":1,"epoch":1,"previous":"…","hash":"…","line":"…"}      each event, its line as it was hashed
 * {"events":1,"head":"…","sha256":"…"}                          of all bytes before this line
 * </pre>
 */
public final class BackupFile implements LogCopy, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORMAT = 1;
    private static final int PAGE = 1_000;

    private final Path file;
    private final BufferedReader lines;
    private final long epoch;
    private final MessageDigest read = sha256();
    private boolean ended;
    private long events;
    private String head = Digest.ZERO.hex();

    private BackupFile(Path file, BufferedReader lines) throws IOException {
        this.file = file;
        this.lines = lines;
        JsonNode first = line();
        if (first == null || first.path("sluice_backup").asInt() != FORMAT) {
            throw damaged("no backup of format " + FORMAT);
        }
        this.epoch = first.path("epoch").asLong();
    }

    /**
     * Writes a backup, also while a control plane writes the log: what was committed when it
     * begins. The file is there whole or not at all.
     *
     * @return the end of what was written
     * @throws StoreException when the file is there already, or the log can't be read
     */
    public static Head write(Path file, LogReader log) throws IOException {
        if (Files.exists(file)) {
            throw new StoreException(
                    new Problem(
                            file.toString(),
                            "a file that is there already",
                            "a new file",
                            "name another; a backup never replaces one"));
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Head end = log.head();
        try (BufferedWriter out = Files.newBufferedWriter(part)) {
            var sum = sha256();
            put(
                    out,
                    sum,
                    JSON.createObjectNode().put("sluice_backup", FORMAT).put("epoch", log.epoch()));
            for (long next = 1; next <= end.seq(); ) {
                for (LoggedEvent event :
                        log.read(next, (int) Math.min(PAGE, end.seq() - next + 1))) {
                    put(out, sum, node(event));
                    next = event.seq() + 1;
                }
            }
            put(
                    out,
                    sha256(),
                    JSON.createObjectNode()
                            .put("events", end.seq())
                            .put("head", end.hash().hex())
                            .put("sha256", HexFormat.of().formatHex(sum.digest())));
        }
        try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
            written.force(/* metaData= */ true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        return end;
    }

    /**
     * Opens a backup; {@link #next} tells when it is damaged, at the end at the latest.
     *
     * @throws StoreException when it is none
     */
    public static BackupFile open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new StoreException(
                    new Problem(file.toString(), "no file", "a backup", "check the path"));
        }
        BufferedReader lines = Files.newBufferedReader(file);
        try {
            return new BackupFile(file, lines);
        } catch (IOException | RuntimeException e) {
            lines.close();
            throw e;
        }
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public List<LoggedEvent> next() {
        List<LoggedEvent> page = new ArrayList<>();
        try {
            while (!ended && page.size() < PAGE) {
                JsonNode next = line();
                if (next == null) {
                    throw damaged("an end after " + events + " events, without its last line");
                } else if (next.has("events")) {
                    requireEnd(next);
                    ended = true;
                } else {
                    page.add(event(next));
                    events++;
                    head = page.getLast().hash().hex();
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
        return page;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private void requireEnd(JsonNode end) {
        String sum = HexFormat.of().formatHex(read.digest());
        if (end.path("events").asLong() != events
                || !end.path("head").asText().equals(head)
                || !end.path("sha256").asText().equals(sum)) {
            throw damaged("other bytes than were written");
        }
    }

    private @Nullable JsonNode line() throws IOException {
        String text = lines.readLine();
        if (text == null) {
            return null;
        }
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw damaged("a line that is no JSON");
        }
        if (!node.has("events")) {
            read.update((text + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return node;
    }

    private StoreException damaged(String got) {
        return new StoreException(
                new Problem(file.toString(), got, "a whole backup", "use another backup"));
    }

    private static LoggedEvent event(JsonNode node) {
        String payload = node.path("line").asText();
        EventCodec.Line line = EventCodec.decode(payload);
        return new LoggedEvent(
                node.path("seq").asLong(),
                node.path("epoch").asLong(),
                line.stamp(),
                line.event(),
                payload,
                new Digest(node.path("previous").asText()),
                new Digest(node.path("hash").asText()));
    }

    private static JsonNode node(LoggedEvent event) {
        return JSON.createObjectNode()
                .put("seq", event.seq())
                .put("epoch", event.epoch())
                .put("previous", event.previous().hex())
                .put("hash", event.hash().hex())
                .put("line", event.payload());
    }

    private static void put(BufferedWriter out, MessageDigest sum, JsonNode node)
            throws IOException {
        String line = JSON.writeValueAsString(node) + "\n";
        sum.update(line.getBytes(StandardCharsets.UTF_8));
        out.write(line);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
