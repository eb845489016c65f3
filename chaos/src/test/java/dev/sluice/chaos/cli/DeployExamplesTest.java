package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.ExperimentReader;
import dev.sluice.chaos.fault.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/** The examples for CI systems and Kubernetes say what this module understands. */
class DeployExamplesTest {
    private static final Path DEPLOY = Path.of("../deploy");
    private static final String EXPERIMENT = "a1-new-arm-slow";

    private static List<JsonNode> documents(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(file))
                .forEach(document -> documents.add(new JsonMapper().valueToTree(document)));
        return documents;
    }

    /** Every command of this module that a file runs, its words with variables filled in. */
    private static List<List<String>> commands(String file) throws IOException {
        List<List<String>> commands = new ArrayList<>();
        for (JsonNode document : documents(DEPLOY.resolve(file))) {
            document.findValues("script")
                    .forEach(script -> script.forEach(line -> shell(line, commands)));
            document.findValues("run").forEach(line -> shell(line, commands));
            for (JsonNode args : document.findValues("args")) {
                List<String> words = new ArrayList<>();
                args.forEach(word -> words.add(word.asText()));
                commands.add(words);
            }
        }
        return commands;
    }

    private static void shell(JsonNode line, List<List<String>> commands) {
        String filled =
                line.asText()
                        .replaceAll("\\$\\{\\{ matrix\\.experiment }}|\\$EXPERIMENT", EXPERIMENT)
                        .replaceAll("\\$\\{\\{[^}]*}}|\\$(?!RUN)[A-Z_]+", "value");
        List<String> words = List.of(filled.strip().split("\\s+"));
        if (words.getFirst().equals("$RUN") || words.getFirst().equals("sluice-chaos")) {
            commands.add(words.subList(1, words.size()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ci/github-actions.yaml, validate run",
        "ci/gitlab-ci.yaml, validate run",
        "kubernetes/chaos.yaml, run"
    })
    void every_command_is_one_that_there_is(String file, String names) throws IOException {
        List<String> found = new ArrayList<>();
        for (List<String> command : commands(file)) {
            CommandLine.ParseResult read =
                    CommandTree.tree().parseArgs(command.toArray(String[]::new)).subcommand();
            found.add(read.commandSpec().name());
        }

        assertThat(found).as("commands of %s", file).containsExactly(names.split(" "));
        assertThatThrownBy(() -> CommandTree.tree().parseArgs("run", "e.yaml", "--juni", "x"))
                .as("an option that there is not")
                .isInstanceOf(CommandLine.UnmatchedArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ci/github-actions.yaml", "ci/gitlab-ci.yaml"})
    void examples_for_ci_set_variables_that_their_experiments_have(String file) throws IOException {
        String text = Files.readString(DEPLOY.resolve(file));
        List<String> run = commands(file).getLast();
        List<String> variables =
                run.stream()
                        .filter(word -> run.indexOf(word) > 0)
                        .filter(word -> run.get(run.indexOf(word) - 1).equals("--var"))
                        .map(word -> word.substring(0, word.indexOf('=')))
                        .toList();

        assertThat(variables).contains("caller", "admin", "gate", "hold");
        for (String name : List.of(EXPERIMENT, "a3-new-arm-errors")) {
            assertThat(text).as("experiments of %s", file).contains(name);
            Path path = Path.of("experiments", name + ".yaml");
            Experiment experiment =
                    ExperimentReader.read(Files.readString(path), path.toString()).orThrow();
            assertThat(experiment.configuration().keySet())
                    .as("variables of %s", name)
                    .containsAll(variables);
        }
    }

    @Test
    void the_experiment_of_the_job_is_valid() throws IOException {
        List<JsonNode> documents = documents(DEPLOY.resolve("kubernetes/chaos.yaml"));
        JsonNode data = documents.getFirst().path("data");
        Experiment experiment =
                ExperimentReader.read(data.path("experiment.yaml").asText(), "experiment.yaml")
                        .orThrow();

        assertThat(experiment.notices()).isEmpty();
        assertThat(Plan.problems(experiment)).isEmpty();
        assertThat(documents).as("the config map and the job").hasSize(2);
    }
}
