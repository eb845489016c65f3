package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of real runs, read by programs of others. */
@Tag("interop")
class ReportReadersIT {
    @TempDir private Path folder;

    private Checkers checkers;

    @BeforeEach
    void prepare() {
        checkers = new Checkers(folder);
    }

    /** Runs an experiment whose action is this program, and gives the path of a report of it. */
    private Path report(String name, String program, ExitCode verdict) throws IOException {
        Path file = folder.resolve("an experiment.json");
        Files.writeString(
                file,
                """
                {"title":"a < b & \\"c\\"","description":"d","method":[
                  {"type":"action","name":"break <it>",
                   "provider":{"type":"process","path":"%s","arguments":[]}}],
                 "rollbacks":[]}
                """
                        .formatted(program));
        Path report = folder.resolve(name);
        String option = name.endsWith(".sarif") ? "--sarif" : "--junit";
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        int exitCode =
                CommandTree.run(
                        writer,
                        writer,
                        "run",
                        file.toString(),
                        "--journal-path",
                        folder.resolve("journal.json").toString(),
                        option,
                        report.toString());
        assertThat(exitCode).as("%s", out).isEqualTo(verdict.number());
        return report;
    }

    @Test
    void findings_keep_the_schema_of_sarif() throws Exception {
        Path nothing = report("nothing.sarif", "/bin/true", ExitCode.PASSED);
        Path found = report("found.sarif", "/no/such/program", ExitCode.INCONCLUSIVE);

        assertThat(checkers.check("sarif-kit", "validate", nothing)).as(checkers.said()).isZero();
        assertThat(checkers.check("sarif-kit", "validate", found)).as(checkers.said()).isZero();

        String text = Files.readString(found);
        assertThat(text).contains("\"error\"", "startLine");
        Path wrong = Files.writeString(found, text.replace("\"error\"", "\"grave\""));
        assertThat(checkers.check("sarif-kit", "validate", wrong))
                .as("with a level that there is not: %s", checkers.said())
                .isEqualTo(1);
    }

    @Test
    void j_unit_xml_says_what_failed_to_a_reader_of_others() throws Exception {
        Path passed = report("passed.xml", "/bin/true", ExitCode.PASSED);
        Path failed = report("failed.xml", "/no/such/program", ExitCode.INCONCLUSIVE);
        Path both = folder.resolve("both.xml");

        assertThat(checkers.check("junitparser", "verify", passed)).as(checkers.said()).isZero();
        assertThat(checkers.check("junitparser", "verify", failed)).isEqualTo(1);
        assertThat(checkers.said()).as("it was read").isEmpty();
        assertThat(checkers.check("junitparser", "merge", passed, failed, both))
                .as(checkers.said())
                .isZero();
        assertThat(Files.readString(both))
                .contains("tests=\"4\"", "failures=\"2\"", "break &lt;it&gt;");
    }
}
