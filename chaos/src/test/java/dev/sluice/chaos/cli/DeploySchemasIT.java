package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples for CI systems and Kubernetes, held to the schemas that these publish. */
@Tag("interop")
class DeploySchemasIT {
    private static final Path DEPLOY = Path.of("../deploy");

    @TempDir private Path folder;

    private Checkers checkers;

    @BeforeEach
    void prepare() {
        checkers = new Checkers(folder);
    }

    private static List<Object> schema(String system) {
        return system.equals("gitlab-ci")
                ? List.of("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
                : List.of("--builtin-schema", "vendor.github-workflows");
    }

    private int checked(String system, Path file) throws Exception {
        List<Object> words = new ArrayList<>(schema(system));
        words.add(file);
        return checkers.check("check-jsonschema", words.toArray());
    }

    @ParameterizedTest
    @CsvSource({"github-actions, runs-on, run_on", "gitlab-ci, exit_codes, exits"})
    void examples_for_ci_are_valid(String system, String word, String wrong) throws Exception {
        Path example = DEPLOY.resolve("ci").resolve(system + ".yaml");
        assertThat(checked(system, example)).as(checkers.said()).isZero();

        Path other = folder.resolve("other.yaml");
        Files.writeString(other, Files.readString(example).replace(word, wrong));
        assertThat(checked(system, other)).as("with '%s': %s", wrong, checkers.said()).isNotZero();
    }

    @Test
    void manifests_are_valid() throws Exception {
        List<Object> words = new ArrayList<>(List.of("--strict"));
        try (var files = Files.newDirectoryStream(DEPLOY.resolve("kubernetes"), "*.yaml")) {
            files.forEach(words::add);
        }
        assertThat(words).hasSizeGreaterThan(3);
        assertThat(checkers.check("kubernetes-validate", words.toArray()))
                .as(checkers.said())
                .isZero();

        Path job = folder.resolve("chaos.yaml");
        String text = Files.readString(DEPLOY.resolve("kubernetes/chaos.yaml"));
        Files.writeString(job, text.replace("backoffLimit", "backOffLimit"));
        assertThat(checkers.check("kubernetes-validate", "--strict", job))
                .as(checkers.said())
                .isNotZero();
    }
}
