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

/** What files of the Chaos Toolkit need beside their activities. */
class CtkFilesIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ISTIO =
            """
            title: Reads of v2 are slow
            description: as for Istio
            configuration:
              sluice_sidecars: "${sidecar}"
              sluice_arms: {v2: NEW}
            method:
              - type: action
                name: slow
                provider: &call
                  type: python
                  module: chaosistio.fault.actions
                  func: add_delay_fault
                  arguments:
                    virtual_service_name: orders
                    fixed_delay: 2s
                    routes: [{destination: {host: orders, subset: v2}}]
            rollbacks:
              - type: action
                name: fast
                provider:
                  type: python
                  module: chaosistio.fault.actions
                  func: remove_delay_fault
                  arguments:
                    virtual_service_name: orders
                    routes: [{destination: {host: orders, subset: v2}}]
            """
                    .replace("&call", "");

    @TempDir private Path folder;

    private final StringWriter said = new StringWriter();

    private int run(String text, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("e.yaml"), text);
        List<String> arguments = new ArrayList<>(List.of("run", file.toString()));
        arguments.addAll(List.of("--journal-path", folder.resolve("j.json").toString()));
        arguments.addAll(List.of(options));
        PrintWriter writer = new PrintWriter(said);
        return CommandTree.run(writer, writer, arguments.toArray(String[]::new));
    }

    @Test
    void a_fault_of_istio_is_a_lease_on_an_arm() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(1)) {
            String text = ISTIO.replace("${sidecar}", sidecar.url());
            int code = run(text, "--var", "sluice_token=" + ScriptedSidecar.TOKEN);
            assertThat(code).as("%s", said).isZero();
            assertThat(sidecar.leases()).hasSize(1);
            JsonNode lease = sidecar.leases().getFirst();
            assertThat(lease.path("gate").asText()).isEqualTo("gates/orders");
            assertThat(lease.path("arm").asText()).isEqualTo("NEW");
            assertThat(lease.path("fault").path("delay").asText()).isEqualTo("2s");
            assertThat(lease.path("state").asText()).isEqualTo("ENDED");
            assertThat(sidecar.requests("GET", "/faults")).as("asked for overlaps").isNotEmpty();
        }
    }

    @Test
    void what_istio_needs_is_asked_for_before_anything_is_done() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(1)) {
            assertThat(run(ISTIO.replace("${sidecar}", sidecar.url()))).isEqualTo(2);
            assertThat(said.toString())
                    .contains("method[0] 'slow'")
                    .contains("no sluice_token in the configuration");
            assertThat(sidecar.leases()).isEmpty();
        }
    }

    private static String judging(String tolerance, String command) {
        return """
        title: t
        description: d
        configuration: {from_file: no, n: 0}
        steady-state-hypothesis:
          title: s
          probes:
            - type: probe
              name: asks
              tolerance: %s
              provider: {type: process, path: sh, arguments: ["-c", "%s"]}
        method:
          - {type: action, name: acts, provider: {type: process, path: "true"}}
        """
                .formatted(tolerance, command);
    }

    @Test
    void variables_have_types_on_the_command_line_and_come_from_files() throws IOException {
        Path tree =
                Files.writeString(
                        folder.resolve("v.yaml"),
                        "configuration: {from_file: yes it is, n: 1}\nsecrets: {g: {key: s3}}\n");
        Path lines = Files.writeString(folder.resolve("v.env"), "# more\nSLUICE_WORD=word\n");
        String command = "echo ${from_file} ${key} $SLUICE_WORD; exit ${n}";
        String text = judging("\"${n}\"", command);
        String[] options = {
            "--var-file", tree.toString(), "--var-file", lines.toString(), "--var", "n:int=3"
        };
        assertThat(run(text, options)).as("%s", said).isZero();
        JsonNode journal = JSON.readTree(Files.readString(folder.resolve("j.json")));
        JsonNode before = journal.path("steady_states").path("before").path("probes").path(0);
        assertThat(before.path("output").path("stdout").asText().strip())
                .isEqualTo("yes it is s3 word");
    }

    @Test
    void all_that_is_wrong_with_given_variables_is_said_at_once() throws IOException {
        Path tree = Files.writeString(folder.resolve("v.json"), "{\"port\": 1}");
        Path lines = Files.writeString(folder.resolve("v.env"), "word\n");
        String missing = folder.resolve("none.yaml").toString();
        int code =
                run(
                        judging("0", "true"),
                        "--var-file=" + tree,
                        "--var-file=" + lines,
                        "--var-file=" + missing,
                        "--var=n:int=three",
                        "--var=n:colour=3");
        assertThat(code).isEqualTo(2);
        assertThat(said.toString())
                .contains("neither 'configuration' nor 'secrets'")
                .contains("line 1 without '='")
                .contains("none.yaml: no such file")
                .contains("n:int=three")
                .contains("n:colour=3");
    }

    @Test
    void strategies_of_the_command_line_go_before_those_of_the_file() throws IOException {
        Path broken = folder.resolve("broken");
        String text =
                judging("0", "test ! -e " + broken)
                                .replace(
                                        "{type: process, path: \"true\"}",
                                        "{type: process, path: touch, arguments: [" + broken + "]}")
                        + "rollbacks:\n  - {type: action, name: mends, provider: {type: process, path: rm, arguments: ["
                        + broken
                        + "]}}\n";
        assertThat(run(text, "--profile", "ctk", "--rollback-strategy", "never")).isEqualTo(1);
        assertThat(broken).exists();
        Files.delete(broken);
        assertThat(run(text, "--profile=ctk", "--hypothesis-strategy=before-method-only")).isZero();
        assertThat(broken).doesNotExist();

        assertThat(run(text, "--rollback-strategy", "never")).isEqualTo(2);
        assertThat(run(text, "--profile=ctk", "--hypothesis-strategy=sometimes")).isEqualTo(2);
        assertThat(said.toString())
                .contains("--rollback-strategy: profile strict")
                .contains("--hypothesis-strategy: 'sometimes'");
    }

    @Test
    void a_tolerance_that_is_none_with_its_values_is_refused() throws IOException {
        assertThat(run(judging("\"${n}\"", "true"), "--var", "n:float=0.5")).isEqualTo(2);
        assertThat(said.toString()).contains("probes[0].tolerance").contains("can't be read");
    }
}
