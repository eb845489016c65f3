package dev.sluice.chaos.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The experiments that are published. */
class CatalogueTest {
    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("experiments"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void every_file_is_valid_has_no_notice_and_proves_its_fault() throws IOException {
        assertThat(files()).isNotEmpty();
        for (Path file : files()) {
            Experiment experiment =
                    ExperimentReader.read(Files.readString(file), file.toString()).orThrow();
            assertThat(experiment.notices()).as("notices of %s", file).isEmpty();
            assertThat(ExperimentReaderTest.schemaSays(experiment.source().toString()))
                    .as("what the schema says of %s", file)
                    .isEmpty();
            assertThat(
                            experiment.rollbacks().size() + experiment.settings().faults().size()
                                            > 0
                                    || experiment.method().stream()
                                            .allMatch(CatalogueTest::endsByItself))
                    .as("rollbacks or leases of %s", file)
                    .isTrue();
            assertThat(experiment.hypothesis()).as("steady state of %s", file).isPresent();
            assertThat(
                            experiment.settings().witness().isPresent()
                                    || experiment.settings().faults().stream()
                                            .allMatch(fault -> fault.fields().has("at_least")))
                    .as("witness of %s", file)
                    .isTrue();
            assertThat(experiment.settings().blastRadius().duration())
                    .as("blast radius of %s", file)
                    .isPresent();
        }
    }

    /** A program of ours that is told for how long. */
    private static boolean endsByItself(Activity action) {
        return action.provider().fields().path("arguments").toString().contains("\"--for\"");
    }

    @Test
    void the_page_lists_every_file() throws IOException {
        String page = Files.readString(Path.of("../docs/chaos.md"));
        for (Path file : files()) {
            assertThat(page).contains("`" + file.getFileName() + "`");
        }
    }
}
