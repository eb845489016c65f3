package dev.sluice.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerFileTest {
    @TempDir private Path folder;

    @Test
    void what_was_written_is_read() throws IOException {
        Answer.Body full =
                new Answer.Body(
                        4,
                        Ledgers.HASH,
                        OptionalLong.of(4),
                        Optional.of("1".repeat(64)),
                        Optional.of(false),
                        OptionalLong.of(7));
        Ledger ledger =
                Ledgers.of(
                        Ledgers.entry(0, "a", Ledgers.byShare("NEW", 200)),
                        Ledgers.entry(1, "b", new Answer.Cut(200, 3, "EOF")),
                        Ledgers.entry(2, "c", new Answer.Failed("refused")),
                        Ledgers.entry(3, "d", new Answer.NotSent()),
                        Ledgers.entry(
                                4,
                                "e",
                                new Answer.Complete(
                                        200, Optional.of(false), Optional.empty(), full)));
        Path file = folder.resolve("ledger");
        LedgerFile.write(ledger, file);
        Ledger read = LedgerFile.read(file);
        assertThat(read.planned()).isEqualTo(5);
        assertThat(read.start()).isEqualTo(ledger.start());
        assertThat(read.entries()).isEqualTo(ledger.entries());
    }

    @Test
    void another_file_is_refused_with_its_line() throws IOException {
        Path file = folder.resolve("other");
        for (String text : new String[] {"", "{}", "x", "[1]", "{\"planned\":1}"}) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> LedgerFile.read(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("line 1: no line of a ledger");
        }
        Files.writeString(file, "{\"planned\":1,\"start\":\"2026-01-01T00:00:00Z\"}\n{\"id\":0}\n");
        assertThatThrownBy(() -> LedgerFile.read(file)).hasMessageContaining("line 2");
    }
}
