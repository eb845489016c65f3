package dev.sluice.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedSeedsTest {
    @TempDir private Path folder;

    @Test
    void what_a_build_finds_stays_beside_what_it_makes_and_is_replayed() throws IOException {
        Path committed = Files.writeString(folder.resolve("committed.txt"), "# once\n42\n249\n");
        Path found = folder.resolve("target/simulation/failed.txt");
        FailedSeeds seeds = new FailedSeeds(committed, found);
        assertThat(seeds.all()).containsExactly(42L, 249L);

        seeds.keep(List.of(42L, 7L), found);
        seeds.keep(List.of(7L, 8L), found);

        assertThat(committed).hasContent("# once\n42\n249\n");
        assertThat(found).hasContent("7\n8\n");
        assertThat(seeds.all()).containsExactly(42L, 249L, 7L, 8L);
    }

    @Test
    void what_is_recorded_is_in_the_source_tree_once() throws IOException {
        Path committed = Files.writeString(folder.resolve("committed.txt"), "42\n");
        FailedSeeds seeds =
                new FailedSeeds(committed, Files.writeString(folder.resolve("found.txt"), "7\n"));

        seeds.keep(List.of(7L, 42L), committed);
        seeds.keep(List.of(7L), committed);

        assertThat(committed).hasContent("42\n7\n");
    }

    @Test
    void an_ordinary_build_leaves_the_source_tree_alone() {
        assertThat(FailedSeeds.OWN.committed()).exists();
        assertThat(FailedSeeds.OWN.found().toString()).startsWith("target");
    }
}
