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
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/** The example for Kubernetes says what this module understands. */
class DeployExamplesTest {
    private static final Path DEPLOY = Path.of("../deploy");

    private static List<JsonNode> documents(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(file))
                .forEach(document -> documents.add(new JsonMapper().valueToTree(document)));
        return documents;
    }

    @Test
    void the_job_runs_a_command_that_there_is() throws IOException {
        List<String> words = new ArrayList<>();
        documents(DEPLOY.resolve("kubernetes/chaos.yaml"))
                .getLast()
                .findValue("args")
                .forEach(word -> words.add(word.asText()));

        CommandLine.ParseResult read =
                CommandTree.tree().parseArgs(words.toArray(String[]::new)).subcommand();

        assertThat(read.commandSpec().name()).isEqualTo("run");
        assertThatThrownBy(() -> CommandTree.tree().parseArgs("run", "e.yaml", "--juni", "x"))
                .as("an option that there is not")
                .isInstanceOf(CommandLine.UnmatchedArgumentException.class);
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
