package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.arch.PackageOrder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The package order of this module. */
class ArchitectureTest {
    private static final PackageOrder ORDER =
            new PackageOrder(
                    "dev.sluice.demo", List.of("view, stage, shop", "load", "change"), Set.of());

    @Test
    void imports_follow_the_written_order() {
        assertThat(ORDER.violations()).as("imports against the package order").isEmpty();
    }
}
