package dev.sluice.control.cli.postmortem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.cli.CommandRun;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.path.Outcome;
import dev.sluice.testkit.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a real admin API, after a ramp that went wrong. */
class PostmortemIT {
    private static final Instant START = Instant.parse("2026-10-31T08:00:00Z");

    @TempDir private Path folder;
    private AdminPlane plane;
    private CommandRun cli;
    private Instant now = START;

    @BeforeEach
    void a_ramp_that_was_taken_back() throws IOException {
        plane = new AdminPlane(folder);
        cli = new CommandRun().overTheNetwork();
        person(new Command.CreateService(Fixtures.service("orders")), "");
        person(new Command.CreateVersion(Fixtures.version("orders", "v1")), "");
        person(new Command.CreateVersion(Fixtures.version("orders", "v2")), "");
        person(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)), "");
        person(new Command.CreateGate(Fixtures.gate("other", "orders", 0)), "of no matter");
        person(
                new Command.CreateRamp(
                        Fixtures.ramp("r", Fixtures.gateTarget("orders"), 50_000, 500_000)),
                "go | <now>");
        after(90);
        control(new Command.ConfirmStep(ramp().name(), 0));
        after(60);
        control(
                new Command.RecordVerdict(
                        ramp().name(), Fixtures.verdict(0, Verdict.Outcome.DEGRADED)));
    }

    @AfterEach
    void stop() {
        cli.close();
        plane.close();
    }

    @Test
    void what_happened_to_a_gate_is_told_with_verdicts_shares_and_who_did_it() {
        String text = printed("gate", "postmortem", "orders");

        assertThat(text)
                .startsWith("# Post-mortem: orders\n")
                .contains("| first keys on the new version | 2026-10-31T08:00:00Z by admin")
                .contains("| largest share | 5% |")
                .contains("| first alarm | 2026-10-31T08:02:30Z by sluice/orchestrator")
                .contains("| from alarm to taken back | 0:00:00 |")
                .contains("| keys were on it for | 0:02:30 |")
                .contains("a ramp of 2 steps begins", "go \\| &lt;now&gt;")
                .contains("CRITICAL: verdict DEGRADED: said so")
                .contains("| 1 | 1% | DEGRADED | 0 of 0 | 2 of 1 |")
                .contains("| ROLLED\\_BACK |")
                .contains("sluice/orchestrator", "sluice control audit verify")
                .doesNotContain("gates/other");
    }

    @Test
    void html_shows_it_as_a_page_and_json_has_every_event_whole() throws IOException {
        String html = printed("gate", "postmortem", "orders", "--format", "html");
        assertThat(html)
                .startsWith("<!doctype html>")
                .contains("<h2>Verdicts and their evidence</h2>", "go | &lt;now&gt;");

        Path file = folder.resolve("p.json");
        assertThat(printed("gate", "postmortem", "orders", "--format=json", "--to=" + file))
                .isEmpty();
        JsonNode json = new ObjectMapper().readTree(Files.readString(file));
        assertThat(json.path("subject").asText()).isEqualTo("gates/orders");
        assertThat(json.path("facts").path("largest share").asText()).isEqualTo("5%");
        assertThat(json.path("events"))
                .anySatisfy(event ->
                        assertThat(event.path("content").path("verdict").path("errorEValue"))
                                .hasToString("1.5"));
    }

    @Test
    void a_migration_is_told_with_its_ramps_within_the_time_that_was_asked_for() {
        var spec = Fixtures.migration("m", "other", StoreKind.SHARED, List.of());
        after(3_600);
        person(new Command.CreateMigration(spec), "");
        person(new Command.AdvanceMigration(spec.name()), "let us begin");

        String whole = printed("migration", "postmortem", "m");
        String late = printed("migration", "postmortem", "m", "--since", now.toString());

        assertThat(whole)
                .startsWith("# Post-mortem: m\n")
                .contains("| migration | migrations/m |", "let us begin", "of no matter")
                .contains("| first alarm | none |", "| first taken back | never |");
        assertThat(late).contains("let us begin").doesNotContain("of no matter");
    }

    @Test
    void a_time_in_which_nothing_happened_and_a_file_that_can_not_be_are_told() {
        CommandRun.Result nothing =
                run("gate", "postmortem", "orders", "--until", START.toString());
        assertThat(nothing.exitCode()).isEqualTo(ExitCode.INVALID.number());
        assertThat(nothing.err()).contains("no event of gates/orders", "widen it");

        CommandRun.Result nowhere =
                run("gate", "postmortem", "orders", "--to", folder.resolve("a/b").toString());
        assertThat(nowhere.exitCode()).isEqualTo(ExitCode.INVALID.number());
        assertThat(nowhere.err()).contains("--to");
    }

    private String printed(String... command) {
        CommandRun.Result result = run(command);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out();
    }

    private CommandRun.Result run(String... command) {
        String[] all = new String[command.length + 4];
        System.arraycopy(command, 0, all, 0, command.length);
        List<String> where =
                List.of("--server", "127.0.0.1:" + plane.port(), "--token", plane.token());
        for (int i = 0; i < where.size(); i++) {
            all[command.length + i] = where.get(i);
        }
        return cli.run(all);
    }

    private void after(int seconds) {
        now = now.plus(Duration.ofSeconds(seconds));
    }

    private Ramp ramp() {
        Catalog catalog = plane.path().feed().latest();
        return catalog.ramp(Fixtures.ramp("r", Fixtures.gateTarget("orders"), 1).name())
                .orElseThrow();
    }

    private void person(Command command, String reason) {
        CommandContext admin = Fixtures.admin();
        give(
                command,
                new CommandContext(
                        admin.caller(),
                        admin.requestId(),
                        reason,
                        admin.validation(),
                        plane.path().feed().latest().migrations().stream()
                                .map(migration -> migration.meta().etag())
                                .findFirst(),
                        now));
    }

    private void control(Command command) {
        give(command, CommandContext.of(Principal.ORCHESTRATOR, now));
    }

    private void give(Command command, CommandContext context) {
        assertThat(Patience.await(plane.path().submit(command, context), command.toString()))
                .isInstanceOf(Outcome.Accepted.class);
    }
}
