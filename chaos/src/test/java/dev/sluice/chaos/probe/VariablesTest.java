package dev.sluice.chaos.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.ExperimentReader;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.contract.Parsed;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {
    private static Experiment experiment(String configuration) {
        String text =
                """
                {"title":"t","description":"d","configuration":{%s},"method":[]}\
                """
                        .formatted(configuration);
        if (ExperimentReader.read(text, "e.json") instanceof Parsed.Ok<Experiment>(var read)) {
            return read;
        }
        throw new AssertionError(ExperimentReader.read(text, "e.json").problems());
    }

    private static String probe(String name, String shell) {
        return """
        "%s":{"type":"probe","name":"%s",
         "provider":{"type":"process","path":"%s","arguments":""}}\
        """
                .formatted(name, name, shell);
    }

    private static Map<String, JsonNode> values(
            String configuration, Map<String, JsonNode> given, Map<String, String> environment) {
        var read = Variables.of(experiment(configuration), given, environment, Cut.never());
        if (read instanceof Parsed.Ok<Substitution>(Substitution found)) {
            return found.values();
        }
        throw new AssertionError(read.problems());
    }

    @Test
    void a_probe_gives_what_its_program_writes_and_uses_what_was_found_before() {
        var found =
                values(
                        probe("second", "echo ' ${first}-${env} '")
                                + ","
                                + probe("third", "echo ${second}!")
                                + ",\"first\":\"one\",\"env\":{\"type\":\"env\",\"key\":\"K\"}",
                        Map.of(),
                        Map.of("K", "two"));
        assertThat(found).containsEntry("second", TextNode.valueOf("one-two"));
        assertThat(found).containsEntry("third", TextNode.valueOf("one-two!"));
    }

    @Test
    void a_probe_that_fails_is_a_problem_at_its_place() {
        var read = Variables.of(experiment(probe("x", "exit 3;")), Map.of(), Map.of(), Cut.never());
        assertThat(read.problems()).hasSize(1);
        assertThat(read.problems().getFirst().message())
                .contains("configuration.x")
                .contains("the probe failed: status 3");
    }

    @Test
    void a_given_value_needs_neither_environment_nor_probe() {
        var found =
                values(
                        probe("x", "exit 3;") + ",\"y\":{\"type\":\"env\",\"key\":\"NOT_SET\"}",
                        Map.of(
                                "x",
                                TextNode.valueOf("1"),
                                "y",
                                TextNode.valueOf("2"),
                                "z",
                                TextNode.valueOf("3")),
                        Map.of());
        assertThat(found).containsEntry("x", TextNode.valueOf("1"));
        assertThat(found).containsEntry("y", TextNode.valueOf("2"));
        assertThat(found).containsEntry("z", TextNode.valueOf("3"));
    }

    @Test
    void no_probe_is_asked_while_another_value_is_missing() {
        var read =
                Variables.of(
                        experiment(
                                probe("x", "exit 3;")
                                        + ",\"y\":{\"type\":\"env\",\"key\":\"NOT_SET\"}"),
                        Map.of(),
                        Map.of(),
                        Cut.never());
        assertThat(read.problems()).hasSize(1);
        assertThat(read.problems().getFirst().message()).contains("NOT_SET");
    }

    @Test
    void a_cut_ends_a_probe() {
        Cut cut = new Cut();
        cut.make();

        var read =
                Variables.of(experiment(probe("x", "sleep 3600; echo")), Map.of(), Map.of(), cut);

        assertThat(read.problems()).hasSize(1);
        assertThat(read.problems().getFirst().message()).contains("configuration.x");
    }
}
