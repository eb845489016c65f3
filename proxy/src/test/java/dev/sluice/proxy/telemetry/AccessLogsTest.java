package dev.sluice.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.LogFacts;
import dev.sluice.proxy.snapshot.log.LogFormat;
import dev.sluice.proxy.snapshot.log.LogMetadata;
import dev.sluice.proxy.snapshot.log.LogPart;
import dev.sluice.testkit.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Access logs as files, written by a thread of their own. */
class AccessLogsTest {
    private static final LogFormat PATH =
            new LogFormat.Text(
                    List.of(
                            new LogPart.Metadata(
                                    LogMetadata.PROXY, Optional.of("listener"), Integer.MAX_VALUE),
                            LogPart.PATH,
                            new LogPart.Literal("\n")),
                    LogFormat.Empty.SHOWN);

    @TempDir private Path folder;

    private static ExchangeRecord exchange(String path) {
        return new ExchangeRecord(
                0,
                "main",
                "HTTP/1.1",
                "GET",
                "h",
                path,
                200,
                -1,
                Set.of(),
                "",
                0,
                0,
                new ExchangeRecord.Times(1, 1, 1),
                "r",
                Optional.empty(),
                Optional.empty(),
                "",
                List.of(),
                List.of(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                "",
                Optional.empty(),
                new LogFacts(
                        List.of(),
                        LogFacts.NONE.ends(),
                        "",
                        Optional.empty(),
                        Map.of(":path", List.of(path)),
                        Map.of(),
                        Map.of()),
                Optional.empty());
    }

    private static void write(LogFile log, ExchangeRecord... exchanges) {
        for (ExchangeRecord exchange : exchanges) {
            log.write(PATH, exchange);
        }
        log.close();
    }

    @Test
    void lines_are_appended_to_the_file() throws IOException {
        Path file = folder.resolve("access.log");
        Files.writeString(file, "before\n");
        LogFile log = new LogFile(LogTarget.open(file.toString()), Patience.LIMIT);

        write(log, exchange("/1"), exchange("/2"));

        assertThat(Files.readAllLines(file)).hasSize(3);
        assertThat(Files.readAllLines(file).getFirst()).isEqualTo("before");
        assertThat(log.dropped()).isZero();
    }

    @Test
    void a_file_that_was_renamed_is_left_and_another_begun() throws IOException {
        Path file = folder.resolve("access.log");
        Path old = folder.resolve("access.log.1");
        LogFile log = new LogFile(LogTarget.open(file.toString()), Patience.LIMIT);
        Files.move(file, old);

        write(log, exchange("/after"));

        assertThat(Files.readString(old)).isEmpty();
        assertThat(Files.readString(file)).contains("/after");
    }

    @Test
    void a_file_in_place_of_the_first_is_appended_to() throws IOException {
        Path file = folder.resolve("access.log");
        LogFile log = new LogFile(LogTarget.open(file.toString()), Patience.LIMIT);
        Files.move(file, folder.resolve("access.log.1"));
        Files.writeString(file, "made by the rotation\n");

        write(log, exchange("/after"));

        assertThat(Files.readString(file)).startsWith("made by the rotation").contains("/after");
    }

    @Test
    void lines_go_on_while_no_file_can_be_opened() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("logs"));
        Path file = inner.resolve("access.log");
        LogFile log = new LogFile(LogTarget.open(file.toString()), Patience.LIMIT);
        Path moved = Files.move(inner, folder.resolve("moved"));

        write(log, exchange("/after"));

        assertThat(Files.readString(moved.resolve("access.log"))).contains("/after");
        assertThat(log.dropped()).isZero();
    }
}
