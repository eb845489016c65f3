package dev.sluice.control.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintTest {
    @TempDir private Path folder;
    private CommandRun cli;

    @BeforeEach
    void start() throws IOException {
        cli = new CommandRun();
    }

    @AfterEach
    void stop() {
        cli.close();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private CommandRun.Result lint(String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "lint";
        args[1] = "-f";
        args[2] = folder.toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return cli.run(args);
    }

    @Test
    void every_problem_of_every_file_is_told_with_its_line_and_no_call_is_made()
            throws IOException {
        write(
                "a.yaml",
                """
                name: services/Customers
                ---

                name: services/edge
                create_time: "2026-11-02T09:00:00Z"
                calls: [services/customers]
                owner: 7
                """);
        write("b.yaml", "name: services/edge\noutbound: {address: 127.0.0.1, prot: 1}\n");
        write("c.yaml", "{a: [");
        write("d.yaml", "name: routes/a\n");
        write("e.yaml", "name: gateSets/names\n");
        write("f.yaml", "name: gateSets/names\ngates: [gates/a]\netag: e\n");

        var result = lint();

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("a.yaml:1:1 name: 'Customers'")
                .contains("a.yaml:7:8 owner: ")
                .contains("b.yaml:2:32 outbound.prot: ")
                .contains("file " + folder.resolve("c.yaml"))
                .contains("d.yaml, line 1, field name: 'routes/a'")
                .contains("e.yaml:1:1 gates: nothing")
                .contains("f.yaml:1:1 name: gateSets/names, as at ")
                .contains("e.yaml:1:1");
    }

    @Test
    void what_only_the_control_plane_says_is_told() throws IOException {
        write("a.yaml", "name: services/edge\ncreate_time: \"2026-11-02T09:00:00Z\"\n");

        assertThat(lint().err()).contains("a.yaml:2:1 create_time: ").contains("sluice export");
    }

    @Test
    void names_that_no_file_has_are_wrong_when_the_files_are_all_there_is() throws IOException {
        write("a.yaml", "name: services/edge\ncalls: [services/edgy, services/edge]\n");

        var part = lint();
        var whole = lint("--whole");

        assertThat(part.exitCode()).as(part.err()).isZero();
        assertThat(part.out()).isEqualTo("1 resources, no problem\n");
        assertThat(whole.err()).contains("a.yaml:2:9 calls[0]: 'services/edgy'");
        assertThat(whole.err().lines()).hasSize(1);
    }

    @Test
    void a_baseline_that_a_migration_names_is_noted_since_no_file_has_it() throws IOException {
        write(
                "a.yaml",
                """
                name: migrations/names
                target: gates/names
                store: SHARED
                risk: MEDIUM
                judge: {baseline: baselines/may}
                """);

        var named = lint();
        write("b.yaml", "name: baselines/may\ntarget: gates/names\n");
        var declared = lint();

        assertThat(named.exitCode()).as(named.err()).isZero();
        assertThat(named.out().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("note: ")
                .contains("a.yaml:5:", "judge.baseline: baselines/may is recorded, not declared")
                .contains("`sluice baseline record may`");
        assertThat(declared.exitCode()).isEqualTo(2);
        assertThat(declared.err())
                .contains("b.yaml, line 1, field name: 'baselines/may'")
                .contains("a baseline is recorded, not declared");
    }

    @Test
    void a_folder_without_files_of_resources_is_told() throws IOException {
        write("README.md", "");

        assertThat(lint().err()).contains("no file of resources");
    }
}
