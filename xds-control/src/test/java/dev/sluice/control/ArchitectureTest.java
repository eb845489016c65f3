package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

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
    private static final PackageOrder ORDER =
            new PackageOrder(
                    "dev.sluice.control",
                    List.of(
                            "boot",
                            "admin, web",
                            "orchestrate, notify, query, checkpoint",
                            "path",
                            "governance",
                            "lifecycle",
                            "judge",
                            "evidence",
                            "snapshot",
                            "audit",
                            "catalog",
                            "change",
                            "message, outward"),
                    Set.of("store", "xds", "replica", "cli"));

    private static final List<PackageOrder> INSIDE =
            List.of(
                    new PackageOrder(
                            "dev.sluice.control.admin",
                            List.of(
                                    ".",
                                    "access, structure, gate, migration, notify, event, search, operation, http",
                                    "desk"),
                            Set.of()),
                    new PackageOrder(
                            "dev.sluice.control.cli",
                            List.of(
                                    ".",
                                    "command, postmortem, watch",
                                    "bundle",
                                    "resource",
                                    "session",
                                    "output"),
                            Set.of()),
                    new PackageOrder(
                            "dev.sluice.control.lifecycle",
                            List.of(
                                    ".",
                                    "migration, ring",
                                    "ramp",
                                    "gate",
                                    "structure, window",
                                    "decision"),
                            Set.of()),
                    new PackageOrder(
                            "dev.sluice.control.change", List.of("codec", ".", "spec"), Set.of()),
                    new PackageOrder("dev.sluice.control.catalog", List.of("image", "."), Set.of()),
                    new PackageOrder(
                            "dev.sluice.control.xds", List.of(".", "structure"), Set.of()));

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
    void imports_inside_a_package_follow_its_own_order() {
        assertThat(INSIDE.stream().flatMap(order -> order.violations().stream()))
                .as("imports against the package order")
                .isEmpty();
    }

    @Test
    void pure_packages_know_no_network_database_clock_or_randomness() {
        PureCore.of(
                        "dev.sluice.control.lifecycle..",
                        "dev.sluice.control.governance..",
                        "dev.sluice.control.judge..",
                        "dev.sluice.control.evidence..",
                        "dev.sluice.control.snapshot..",
                        "dev.sluice.control.catalog..",
                        "dev.sluice.control.change..")
                .check(PackageOrder.production("dev.sluice.control"));
    }
}
