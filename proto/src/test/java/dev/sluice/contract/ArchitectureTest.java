package dev.sluice.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.arch.PackageOrder;
import dev.sluice.testkit.arch.PureCore;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The package order of this module and what its pure packages may not touch. */
class ArchitectureTest {
    private static final PackageOrder ORDER =
            new PackageOrder(
                    "dev.sluice.contract",
                    List.of("fault", "document, decide", "gate", "match"),
                    Set.of());

    @Test
    void imports_follow_the_written_order() {
        assertThat(ORDER.violations()).as("imports against the package order").isEmpty();
    }

    @Test
    void pure_packages_know_no_network_database_clock_or_randomness() {
        PureCore.of("dev.sluice.contract..").check(PackageOrder.production("dev.sluice.contract"));
    }
}
