package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/** The examples for CI systems and Kubernetes say what this module understands. */
class DeployExamplesTest {
    private static final Path DEPLOY = Path.of("../deploy");
    private static final Pattern OPTION = Pattern.compile("(?<=\\s)(--[a-z-]+)(?=[ =]\\S)");

    private static List<JsonNode> documents(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(file))
                .forEach(document -> documents.add(new JsonMapper().valueToTree(document)));
        return documents;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ci/github-actions.yaml", "ci/gitlab-ci.yaml"})
    void examples_for_ci_use_options_that_there_are(String name) throws IOException {
        Path file = DEPLOY.resolve(name);
        String text = Files.readString(file);
        String run = text.substring(text.lastIndexOf(" run experiments/"));
        List<String> options =
                OPTION.matcher(run.substring(0, run.indexOf("report.html")))
                        .results()
                        .map(MatchResult::group)
                        .distinct()
                        .toList();

        assertThat(documents(file)).as("documents of %s", name).hasSize(1);
        assertThat(options).contains("--var", "--journal-path", "--junit", "--markdown");
        assertThat(new CommandLine(new RunCommand()).getCommandSpec().optionsMap().keySet())
                .as("options of `run`")
                .containsAll(options);
        for (String experiment : List.of("a1-new-arm-slow", "a3-new-arm-errors")) {
            assertThat(text).contains(experiment);
            assertThat(Path.of("experiments", experiment + ".yaml")).exists();
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
