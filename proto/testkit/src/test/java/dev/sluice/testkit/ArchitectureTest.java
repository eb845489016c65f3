package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.arch.PackageOrder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The package order of the kit; the root package is open to all. */
class ArchitectureTest {
    private static final PackageOrder ORDER =
            new PackageOrder(
                    "dev.sluice.testkit", List.of("http, xds", "tcp, grpc", "tls, arch"), Set.of());

    @Test
    void imports_follow_the_written_order() {
        assertThat(ORDER.violations()).as("imports against the package order").isEmpty();
    }
}
