package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.ExperimentReader;
import dev.sluice.testkit.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/**
 * The scripts of the examples for CI, run by a shell as these systems do, with programs in place of
 * Docker and our command that write down what they are given.
 */
class DeployScriptsIT {
    private static final Path CI = Path.of("../deploy/ci");
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{\\s*([a-zA-Z._]+)\\s*}}");

    /** Has all that a shell takes apart. */
    private static final String CALLER = "http://shop.test:8080/a b?c=1&d=*;e";

    private static final String IMAGE = "registry.test/sluice-chaos:1";

    private static final List<String> REPORTS =
            List.of("--journal-path", "journal.json", "--junit", "junit.xml");

    /** The command: one line for each call, a bar behind each word; it ends as it is told. */
    private static final String COMMAND =
            """
            #!/bin/sh
            { for word in "$@"; do printf '%s|' "$word"; done; echo; } >> "$CALLS"
            [ "$1" = run ] || exit 0
            [ -n "$SLUICE_ADMIN_TOKEN" ] || exit 99
            echo '### all is well' > summary.md
            exit "$VERDICT"
            """;

    /** Docker: runs the command behind the name of the image, when it would find the files. */
    private static final String DOCKER =
            """
            #!/bin/sh
            case "$*" in
              "run --rm --network host --env SLUICE_ADMIN_TOKEN --user root --volume $PWD:/work --workdir /work $IMAGE "*) ;;
              *) echo "docker $*" >&2; exit 98 ;;
            esac
            while [ "$1" != "$IMAGE" ]; do shift; done
            shift
            exec sluice-chaos "$@"
            """;

    @TempDir private Path folder;

    @BeforeEach
    void install() throws IOException {
        program("sluice-chaos", COMMAND);
        program("docker", DOCKER);
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static JsonNode example(String name) throws IOException {
        Object read =
                new Load(LoadSettings.builder().build())
                        .loadFromString(Files.readString(CI.resolve(name + ".yaml")));
        return new JsonMapper().valueToTree(read);
    }

    private Map<String, String> environment(String experiment, int verdict) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
        environment.put("CALLS", folder.resolve("calls").toString());
        environment.put("VERDICT", Integer.toString(verdict));
        environment.put("IMAGE", IMAGE);
        environment.put("EXPERIMENT", experiment);
        environment.put("CALLER", CALLER);
        environment.put("SIDECAR_ADMIN", "http://10.0.0.7:9901");
        environment.put("GATE", "gates/orders");
        environment.put("SLUICE_ADMIN_TOKEN", "token-1");
        return environment;
    }

    /** Exit code of a script that ends at its first error. */
    private int shell(String script, Map<String, String> environment) throws Exception {
        ProcessBuilder shell =
                new ProcessBuilder("sh", "-e", "-c", script)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile());
        shell.environment().clear();
        shell.environment().putAll(environment);
        Process process = shell.start();
        assertThat(process.waitFor(3 * Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private List<List<String>> calls() throws IOException {
        Path calls = folder.resolve("calls");
        if (!Files.exists(calls)) {
            return List.of();
        }
        List<List<String>> read = new ArrayList<>();
        for (String line : Files.readAllLines(calls)) {
            read.add(List.of(line.split("\\|")));
        }
        Files.delete(calls);
        return read;
    }

    /** The runs of the job's steps, one after the other until one fails; its exit code. */
    private int gitHub(JsonNode job, String experiment, int verdict) throws Exception {
        Map<String, String> known = new HashMap<>();
        environment(experiment, verdict).forEach((name, value) -> known.put("vars." + name, value));
        known.put("vars.SLUICE_CHAOS_IMAGE", IMAGE);
        known.put("matrix.experiment", experiment);
        known.put("github.workspace", folder.toRealPath().toString());
        known.put("secrets.SLUICE_ADMIN_TOKEN", "token-1");
        Map<String, String> environment = new HashMap<>();
        for (String name : List.of("PATH", "CALLS", "VERDICT", "IMAGE")) {
            environment.put(name, known.getOrDefault("vars." + name, ""));
        }
        environment.put("GITHUB_STEP_SUMMARY", folder.resolve("shown").toString());
        job.path("env")
                .properties()
                .forEach(one -> environment.put(one.getKey(), filled(one.getValue(), known)));
        for (JsonNode step : job.path("steps")) {
            int exitCode =
                    step.has("run") ? shell(filled(step.path("run"), known), environment) : 0;
            if (exitCode != 0) {
                return exitCode;
            }
        }
        return 0;
    }

    private static String filled(JsonNode text, Map<String, String> known) {
        return EXPRESSION
                .matcher(text.asText())
                .replaceAll((MatchResult found) -> {
                    assertThat(known).containsKey(found.group(1));
                    return Matcher.quoteReplacement(known.getOrDefault(found.group(1), ""));
                });
    }

    private int gitLab(JsonNode job, String experiment, int verdict) throws Exception {
        StringBuilder script = new StringBuilder();
        job.path("script").forEach(line -> script.append(line.asText()).append('\n'));
        return shell(script.toString(), environment(experiment, verdict));
    }

    private void calledRightly(String experiment, List<String> more) throws IOException {
        String file = "experiments/" + experiment + ".yaml";
        List<String> run = new ArrayList<>(List.of("run", file));
        run.addAll(List.of("--var", "caller=" + CALLER, "--var", "admin=http://10.0.0.7:9901"));
        run.addAll(List.of("--var", "gate=gates/orders", "--var", "hold=20s"));
        run.addAll(REPORTS);
        run.addAll(more);
        run.addAll(List.of("--markdown", "summary.md", "--html", "report.html"));
        List<List<String>> calls = calls();
        assertThat(calls).as(said()).containsExactly(List.of("validate", file), run);
        for (List<String> call : calls) {
            CommandLine.ParseResult read =
                    CommandTree.tree().parseArgs(call.toArray(String[]::new)).subcommand();
            assertThat(read.commandSpec().name()).isEqualTo(call.getFirst());
        }
        Path path = Path.of(file);
        Experiment known = ExperimentReader.read(Files.readString(path), path.toString()).orThrow();
        assertThat(known.configuration().keySet()).contains("caller", "admin", "gate", "hold");
    }

    private static List<String> words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asText()));
        assertThat(words).as("experiments of the matrix").isNotEmpty();
        return words;
    }

    @Test
    void git_hub_runs_each_experiment_and_shows_its_summary() throws Exception {
        JsonNode job = example("github-actions").at("/jobs/experiments");
        for (String experiment : words(job.at("/strategy/matrix/experiment"))) {
            Files.deleteIfExists(folder.resolve("shown"));

            assertThat(gitHub(job, experiment, 0)).as(said()).isZero();

            calledRightly(experiment, List.of("--sarif", "findings.sarif"));
            assertThat(folder.resolve("shown")).hasContent("### all is well");
        }
    }

    @Test
    void git_lab_runs_each_experiment() throws Exception {
        JsonNode job = example("gitlab-ci").path("chaos");
        for (String experiment : words(job.at("/parallel/matrix/0/EXPERIMENT"))) {
            assertThat(gitLab(job, experiment, 0)).as(said()).isZero();

            calledRightly(experiment, List.of());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 6})
    void a_job_fails_with_the_exit_code_of_the_verdict(int verdict) throws Exception {
        JsonNode gitHub = example("github-actions").at("/jobs/experiments");
        JsonNode gitLab = example("gitlab-ci").path("chaos");

        assertThat(gitHub(gitHub, "a1-new-arm-slow", verdict)).as(said()).isEqualTo(verdict);
        assertThat(gitLab(gitLab, "a1-new-arm-slow", verdict)).as(said()).isEqualTo(verdict);
    }
}
