package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.fault.ScriptedSidecar;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of {@code sluice.faults}, from the file to the admin listener of a sidecar. */
class ArmFaultsIT {
    private static final String FAULT =
            """
            {"sidecars":"${admin}","token":"${token}","gate":"gates/orders","arm":"NEW",
             "fault":{"delay":"250ms"},"at_least":5%s}\
            """;

    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private String rollbacks = "";

    private static String fault(String more) {
        return FAULT.formatted(more.isEmpty() ? "" : "," + more);
    }

    private int run(String sidecar, String faults, String own, String... more) throws IOException {
        Path file = folder.resolve("e.json");
        Files.writeString(
                file,
                """
                {"title":"t","description":"d","configuration":{"admin":"%s"},
                 "secrets":{"s":{"token":{"type":"env","key":"SLUICE_NO_SUCH_TOKEN"}}},
                 "method":[],"rollbacks":[%s],
                 "sluice":{"every":"50ms","hold":"300ms","seed":3,%s
                 "faults":[%s]}}\
                """
                        .formatted(sidecar, rollbacks, own, faults));
        List<String> args = new ArrayList<>(List.of("run", file.toString()));
        args.addAll(List.of("--journal-path", folder.resolve("j.json").toString()));
        args.addAll(List.of(more));
        PrintWriter writer = new PrintWriter(out, true);
        return CommandTree.run(writer, writer, args.toArray(String[]::new));
    }

    private int runWithToken(ScriptedSidecar sidecar, String faults, String own)
            throws IOException {
        return run(sidecar.url(), faults, own, "--var", "token=" + ScriptedSidecar.TOKEN);
    }

    private JsonNode journal() throws IOException {
        return new JsonMapper().readTree(Files.readString(folder.resolve("j.json")));
    }

    private static void nothingTaken(ScriptedSidecar sidecar) {
        assertThat(sidecar.requests("POST", "/faults")).as("leases taken").isEmpty();
    }

    @Test
    void a_fault_is_taken_counted_and_ended() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(7)) {
            String narrow =
                    """
                    "name":"slow","operations":["get"],"operation_classes":["READ"],"share":12.5,
                    "endpoints":["127.0.0.1:9"],"unit":"KEY","requests":200,"reason":"a drill",
                    "headers":[{"name":"x-drill","present_match":true}],"evidence":"EXCLUDED"\
                    """;
            assertThat(runWithToken(sidecar, fault(narrow), "")).as("%s", out).isZero();

            JsonNode lease = sidecar.leases().getFirst();
            assertThat(lease.path("name").asText()).startsWith("faults/slow-");
            assertThat(lease.path("gate").asText()).isEqualTo("gates/orders");
            assertThat(lease.path("arm").asText()).isEqualTo("NEW");
            assertThat(lease.path("fault").toString()).isEqualTo("{\"delay\":\"0.250s\"}");
            assertThat(lease.path("ttl").asText()).isEqualTo("10.000s");
            assertThat(lease.path("budget").asInt()).isEqualTo(200);
            assertThat(lease.path("seed").asText()).isEqualTo("3");
            assertThat(lease.path("selection").toString())
                    .isEqualTo(
                            """
                            {"operations":["get"],"operation_classes":["READ"],\
                            "endpoints":["127.0.0.1:9"],\
                            "headers":[{"name":"x-drill","present_match":true}],\
                            "unit":"KEY","share_ppm":125000}\
                            """);
            assertThat(lease.path("state").asText()).as("after the run").isEqualTo("ENDED");
            assertThat(sidecar.requests("DELETE", "/faults/slow-")).isNotEmpty();
            JsonNode shown = journal().path("x-sluice").path("leases").path(0);
            assertThat(shown.path("injected").asLong()).isGreaterThanOrEqualTo(7);
            assertThat(shown.path("arm").asText()).isEqualTo("NEW");
            assertThat(journal().toString()).doesNotContain(ScriptedSidecar.TOKEN);
        }
    }

    @Test
    void a_fault_that_reached_too_little_proves_nothing() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(0)) {
            assertThat(runWithToken(sidecar, fault(""), ""))
                    .isEqualTo(ExitCode.INCONCLUSIVE.number());
            assertThat(out.toString()).contains("changed 0 attempts (expected: 5 or more)");
            assertThat(sidecar.leases().getFirst().path("state").asText()).isEqualTo("ENDED");
        }
    }

    @Test
    void several_sidecars_are_counted_together() throws IOException {
        try (ScriptedSidecar busy = ScriptedSidecar.meeting(9);
                ScriptedSidecar idle = ScriptedSidecar.meeting(0)) {
            String both =
                    fault("").replace("\"${admin}\"", "[\"${admin}\",\"" + idle.url() + "\"]");

            assertThat(runWithToken(busy, both, "")).as("%s", out).isZero();

            assertThat(busy.leases()).hasSize(1);
            assertThat(idle.leases()).hasSize(1);
        }
    }

    @Test
    void a_missing_or_wrong_token_is_refused_before_anything_is_injected() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(9)) {
            assertThat(run(sidecar.url(), fault(""), "")).isEqualTo(ExitCode.INVALID.number());
            assertThat(out.toString())
                    .contains("e.json:2:", "secrets.s.token", "SLUICE_NO_SUCH_TOKEN");

            assertThat(run(sidecar.url(), fault(""), "", "--var", "token="))
                    .isEqualTo(ExitCode.INVALID.number());
            assertThat(out.toString()).contains("e.json:5:", "sluice.faults[0].token: no token");

            assertThat(run(sidecar.url(), fault(""), "", "--var", "token=wrong"))
                    .isEqualTo(ExitCode.INVALID.number());
            assertThat(out.toString()).contains("status 401");
            nothingTaken(sidecar);
        }
    }

    @Test
    void production_needs_the_allowance() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(9)) {
            String production = "\"environment\":\"production\",";
            assertThat(runWithToken(sidecar, fault(""), production))
                    .isEqualTo(ExitCode.INVALID.number());
            assertThat(out.toString()).contains("e.json:4:", "--allow-production");
            nothingTaken(sidecar);

            String token = "token=" + ScriptedSidecar.TOKEN;
            assertThat(
                            run(
                                    sidecar.url(),
                                    fault(""),
                                    production,
                                    "--allow-production",
                                    "--var",
                                    token))
                    .as("%s", out)
                    .isZero();
        }
    }

    @Test
    void more_than_the_blast_radius_is_refused_before_anything_is_injected() throws IOException {
        String radius = "\"blast_radius\":{\"share\":50,\"requests\":100,\"duration\":\"200ms\"},";
        String half = fault("\"share\":30,\"requests\":60");
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(9)) {
            assertThat(runWithToken(sidecar, half + "," + half, radius))
                    .isEqualTo(ExitCode.INVALID.number());
            assertThat(out.toString())
                    .contains("60.0 % of gates/orders NEW (expected at most 50.0 %")
                    .contains("120 requests together (expected at most 100 requests")
                    .contains("300 ms (expected at most 200 ms");
            nothingTaken(sidecar);
        }
    }

    @Test
    void everything_that_is_wrong_with_a_fault_is_told_at_its_place() throws IOException {
        String wrong =
                """
                {"sidecars":["somewhere"],"token":"t","gate":"orders","arm":"OLD","share":101,
                 "fault":{"delay":"soon"},"requests":0,"ttl":"2h","endpoints":["orders:80"]}\
                """;
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(9)) {
            assertThat(runWithToken(sidecar, wrong, "")).isEqualTo(ExitCode.INVALID.number());
        }
        assertThat(out.toString())
                .contains("sluice.faults[0].sidecars: 'somewhere'")
                .contains("sluice.faults[0].arm")
                .contains("sluice.faults[0].share: 101")
                .contains("sluice.faults[0].fault.delay: 'soon'");
        String later = wrong.replace("OLD", "NEW").replace("soon", "1s").replace("101", "1");
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(9)) {
            runWithToken(sidecar, later, "");
        }
        assertThat(out.toString())
                .contains("sluice.faults[0].gate")
                .contains("sluice.faults[0].requests")
                .contains("sluice.faults[0].ttl")
                .contains("sluice.faults[0].endpoints[0]");
    }

    @Test
    void too_many_errors_of_users_end_the_run() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.failing(9, 3)) {
            assertThat(runWithToken(sidecar, fault(""), "\"blast_radius\":{\"errors\":5},"))
                    .isEqualTo(ExitCode.ABORTED.number());
            assertThat(out.toString()).contains("more errors than the blast radius of 5");
            assertThat(sidecar.leases().getFirst().path("state").asText()).isEqualTo("ENDED");
        }
    }

    @Test
    void requests_that_are_used_up_end_the_run() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(15)) {
            assertThat(runWithToken(sidecar, fault(""), "\"blast_radius\":{\"requests\":30},"))
                    .isEqualTo(ExitCode.ABORTED.number());
            assertThat(out.toString()).contains("all the requests of the blast radius, 30");
            assertThat(sidecar.leases().getFirst().path("budget").asInt()).isEqualTo(30);
        }
    }

    @Test
    void a_lease_that_is_gone_too_early_proves_nothing() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.losing("EXPIRED")) {
            assertThat(runWithToken(sidecar, fault(""), ""))
                    .isEqualTo(ExitCode.INCONCLUSIVE.number());
            assertThat(out.toString()).contains("is EXPIRED on " + sidecar.url());
        }
    }

    @Test
    void a_lease_that_is_refused_takes_the_others_back() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(9)) {
            String refused = fault("\"reason\":\"refuse me\"");
            assertThat(runWithToken(sidecar, fault("") + "," + refused, ""))
                    .isEqualTo(ExitCode.INCONCLUSIVE.number());
            assertThat(out.toString()).contains("was not taken on");
            assertThat(sidecar.leases().getFirst().path("state").asText()).isEqualTo("ENDED");
        }
    }

    @Test
    void rollbacks_go_before_leases_which_end_in_reverse() throws IOException {
        String rollback =
                """
                {"type":"action","name":"%1$s","provider":{"type":"http","method":"DELETE",
                 "url":"${admin}/%1$s","headers":{"Authorization":"Bearer ${token}"}}}\
                """;
        rollbacks = rollback.formatted("first") + "," + rollback.formatted("second");
        String two = fault("\"name\":\"a\"") + "," + fault("\"name\":\"b\"");
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(9)) {
            assertThat(runWithToken(sidecar, two, "")).as("%s", out).isZero();

            assertThat(sidecar.requests("DELETE", "/"))
                    .extracting(request -> request.target().replaceFirst("-[0-9a-f]+$", ""))
                    .containsExactly("/first", "/second", "/faults/b", "/faults/a");
        }
    }

    @Test
    void validation_says_what_is_wrong_with_faults_whose_values_stand_in_the_file()
            throws IOException {
        Path file = folder.resolve("v.json");
        String text =
                """
                {"title":"t","description":"d","configuration":{"arm":"OLD"},
                 "secrets":{"s":{"token":{"type":"env","key":"T"}}},"method":[],
                 "sluice":{"faults":[{"sidecars":"http://h:1","token":"${token}",
                  "gate":"gates/g","arm":"${arm}","fault":{"http_status":503}}]}}\
                """;
        PrintWriter writer = new PrintWriter(out, true);

        Files.writeString(file, text);
        int wrong = CommandTree.run(writer, writer, "validate", file.toString());
        Files.writeString(file, text.replace("OLD", "NEW"));
        int right = CommandTree.run(writer, writer, "validate", file.toString());

        assertThat(wrong).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("v.json:3:", "sluice.faults[0].arm");
        assertThat(right).isZero();
    }
}
