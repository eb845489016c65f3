package dev.sluice.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.ExperimentReader;
import dev.sluice.contract.Parsed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SarifTest {
    private static final String TEXT =
            """
            {"title":"t","description":"d",
             "method":[
              {"type":"action","name":"break","provider":{"type":"process","path":"true"}},
              {"type":"action","name":"more","provider":{"type":"process","path":"true"}}],
             "rollbacks":[]}
            """;

    private static Experiment experiment() {
        if (ExperimentReader.read(TEXT, "a folder/e.json")
                instanceof Parsed.Ok<Experiment>(Experiment read)) {
            return read;
        }
        throw new AssertionError();
    }

    private static JsonNode run(Summary.Case... cases) throws Exception {
        Summary summary = new Summary("t", "DEVIATED", 1, List.of(cases));
        JsonNode log = new JsonMapper().readTree(Sarif.of(experiment(), summary));
        assertThat(log.path("version").asText()).isEqualTo("2.1.0");
        return log.at("/runs/0");
    }

    @Test
    void what_failed_is_told_at_its_line() throws Exception {
        JsonNode run =
                run(
                        new Summary.Case("method", "break", 1, Optional.empty()),
                        new Summary.Case("method", "more", 1, Optional.of("no")),
                        new Summary.Case("verdict", "DEVIATED", 1, Optional.of("why")));
        assertThat(run.path("results")).hasSize(2);
        JsonNode first = run.at("/results/0");
        assertThat(first.path("ruleId").asText()).isEqualTo("method");
        assertThat(first.at("/message/text").asText()).isEqualTo("t: more: no");
        JsonNode place = first.at("/locations/0/physicalLocation");
        assertThat(place.at("/artifactLocation/uri").asText()).isEqualTo("a%20folder/e.json");
        assertThat(place.at("/region/startLine").asInt()).isEqualTo(4);
        JsonNode verdict = run.at("/results/1/locations/0/physicalLocation/region");
        assertThat(verdict.path("startLine").asInt()).isEqualTo(1);
    }

    @Test
    void what_has_no_activity_is_told_at_the_beginning_of_a_file_below_the_working_directory()
            throws Exception {
        String file = Path.of("").toAbsolutePath().resolve("experiments/e.json").toString();
        String text = "{\"title\":\"t\",\"description\":\"d\",\"method\":[]}";
        Experiment empty = ExperimentReader.read(text, file).orThrow();
        Summary summary =
                new Summary(
                        "t",
                        "INCONCLUSIVE",
                        1,
                        List.of(new Summary.Case("verdict", "v", 1, Optional.of("why"))));
        JsonNode log = new JsonMapper().readTree(Sarif.of(empty, summary));
        assertThat(log.path("$schema").asText()).endsWith("sarif-2.1.0.json");
        JsonNode place = log.at("/runs/0/results/0/locations/0/physicalLocation");
        assertThat(place.at("/artifactLocation/uri").asText()).isEqualTo("experiments/e.json");
        assertThat(place.at("/region/startLine").asInt()).isEqualTo(1);
    }

    @Test
    void every_result_names_a_rule_that_is_there() throws Exception {
        JsonNode run =
                run(
                        new Summary.Case("baseline", "a", 1, Optional.of("x")),
                        new Summary.Case("watch", "a", 1, Optional.of("x")),
                        new Summary.Case("rollbacks", "a", 1, Optional.of("x")),
                        new Summary.Case("recovery", "a", 1, Optional.of("x")));
        List<String> rules = run.at("/tool/driver/rules").findValuesAsText("id");
        assertThat(run.path("results").findValuesAsText("ruleId")).hasSize(4).isSubsetOf(rules);
    }

    @Test
    void a_run_that_passed_has_no_result() throws Exception {
        JsonNode run = run(new Summary.Case("verdict", "PASSED", 1, Optional.empty()));
        assertThat(run.path("results")).isEmpty();
    }
}
