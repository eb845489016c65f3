package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import dev.sluice.testkit.arch.EventLoopCalls;
import dev.sluice.testkit.arch.PackageOrder;
import dev.sluice.testkit.arch.PureCore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The package order of this module and what its pure packages may not touch. */
class ArchitectureTest {
    /** {@code v1} is the wire of faults, generated in the contract's module. */
    private static final PackageOrder ORDER =
            new PackageOrder(
                    "dev.sluice.chaos",
                    List.of(
                            "cli, junit",
                            "run",
                            "report",
                            "fault",
                            "telemetry",
                            "client",
                            "probe, load",
                            "experiment",
                            "python",
                            "dialect",
                            "v1"),
                    Set.of("toxiproxy", "xds", "database", "disk"));

    private static final DescribedPredicate<JavaClass> MOVE_BYTES =
            DescribedPredicate.describe(
                    "move bytes",
                    type ->
                            type.getSimpleName()
                                    .matches(
                                            "Connection|EndHandler|Flow|Outlet|Sink"
                                                    + "|.*Stage|.*Pace|ApiHandler"));

    @Test
    void the_page_on_the_architecture_has_this_order() throws IOException {
        String page = Files.readString(Path.of("../docs/architecture.md"));

        assertThat(page.replaceAll("\\s+", " ")).contains("`" + ORDER.text() + "`");
    }

    @Test
    void imports_follow_the_written_order() {
        assertThat(ORDER.violations()).as("imports against the package order").isEmpty();
    }

    @Test
    void connections_never_block_their_event_loop() {
        EventLoopCalls.in("dev.sluice.chaos.toxiproxy..")
                .check(PackageOrder.production("dev.sluice.chaos").that(MOVE_BYTES));
    }

    @Test
    void pure_packages_know_no_network_database_clock_or_randomness() {
        PureCore.of(
                        "dev.sluice.chaos.experiment..",
                        "dev.sluice.chaos.python..",
                        "dev.sluice.chaos.dialect..")
                .check(PackageOrder.production("dev.sluice.chaos"));
    }
}
