package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.load.Ledger;
import dev.sluice.chaos.load.LedgerFile;
import dev.sluice.testkit.ManualClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of a journal that a run wrote, whose fault is a file. */
class ReportCommandTest {
    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private Path experiment;
    private Path journal;
    private Path html;

    @BeforeEach
    void write() throws IOException {
        experiment = folder.resolve("e.json");
        journal = folder.resolve("journal.json");
        html = folder.resolve("page.html");
        Files.writeString(
                experiment,
                """
                {"title":"t","description":"d","method":[{"type":"action","name":"fault",
                 "provider":{"type":"process","path":"false"}}],"rollbacks":[]}\
                """);
    }

    private int run(Object... words) {
        String[] args = java.util.Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        PrintWriter writer = new PrintWriter(out, true);
        return CommandTree.run(writer, writer, args);
    }

    @Test
    void a_run_writes_all_its_reports() throws IOException {
        Path sarif = folder.resolve("log.sarif");
        int exit =
                run("run", experiment, "--journal-path", journal, "--html", html, "--sarif", sarif);
        assertThat(exit).as("%s", out).isEqualTo(ExitCode.INCONCLUSIVE.number());
        assertThat(html).content().contains("<h1>t</h1>").contains("INCONCLUSIVE");
        var log = new JsonMapper().readTree(Files.readString(sarif));
        assertThat(
                        log.at("/runs/0/results/0/locations/0/physicalLocation/region/startLine")
                                .asInt())
                .isEqualTo(1);
    }

    @Test
    void a_page_joins_journal_and_ledger() throws IOException {
        assertThat(run("run", experiment, "--journal-path", journal))
                .isEqualTo(ExitCode.INCONCLUSIVE.number());
        Path ledger = folder.resolve("ledger");
        LedgerFile.write(new Ledger(ManualClock.START, 0), ledger);
        assertThat(run("report", journal, "--ledger", ledger, "--html", html)).isZero();
        assertThat(html).content().contains("<svg");
        assertThat(run("report", journal, "--html", html)).isZero();
        assertThat(html).content().doesNotContain("<svg");
    }

    @Test
    void another_file_is_refused() {
        assertThat(run("report", experiment, "--html", html)).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("no journal");
        assertThat(html).doesNotExist();
    }
}
