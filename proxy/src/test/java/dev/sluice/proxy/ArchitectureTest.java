package dev.sluice.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

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
    private static final PackageOrder ORDER =
            new PackageOrder(
                    "dev.sluice.proxy",
                    List.of(
                            "boot",
                            "listen",
                            "tcp",
                            "path",
                            "route",
                            "filter",
                            "tap",
                            "match",
                            "gate",
                            "dispatch",
                            "attempt",
                            "outcome",
                            "plan",
                            "mirror",
                            "fault",
                            "keys",
                            "call",
                            "cluster",
                            "balance",
                            "endpoint",
                            "probe",
                            "pool",
                            "codec",
                            "tls",
                            "operator",
                            "exchange",
                            "overload",
                            "handover",
                            "process",
                            "observe",
                            "resource",
                            "jwt",
                            "runtime",
                            "snapshot"),
                    Set.of("xds", "telemetry", "admin"));

    /** Inside {@code resource}; the package itself reads whole documents and may import each. */
    private static final PackageOrder RESOURCE =
            new PackageOrder(
                    "dev.sluice.proxy.resource",
                    List.of(
                            "listener",
                            "route",
                            "cluster",
                            "filter",
                            "header",
                            "log, tls, trace, overload, runtime",
                            "part",
                            "read"),
                    Set.of());

    /** Inside {@code snapshot}; the package itself holds the whole and may import each. */
    private static final PackageOrder SNAPSHOT =
            new PackageOrder(
                    "dev.sluice.proxy.snapshot",
                    List.of(
                            "listener",
                            "route, cluster",
                            "filter",
                            "header",
                            "log, tls, trace, overload",
                            "part",
                            "runtime"),
                    Set.of());

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
    void parts_of_the_configuration_follow_their_own_order() {
        assertThat(RESOURCE.violations()).as("imports inside resource").isEmpty();
        assertThat(SNAPSHOT.violations()).as("imports inside snapshot").isEmpty();
    }

    @Test
    void no_part_imports_the_whole() {
        for (String whole :
                List.of(
                        "dev.sluice.proxy.resource",
                        "dev.sluice.proxy.snapshot",
                        "dev.sluice.proxy.filter")) {
            noClasses()
                    .that()
                    .resideInAPackage(whole + ".*..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(whole)
                    .check(PackageOrder.production(whole));
        }
    }

    @Test
    void pure_packages_know_no_network_database_clock_or_randomness() {
        PureCore.of(
                        "dev.sluice.proxy.route..",
                        "dev.sluice.proxy.match..",
                        "dev.sluice.proxy.gate..",
                        "dev.sluice.proxy.jwt..",
                        "dev.sluice.proxy.snapshot..")
                .check(PackageOrder.production("dev.sluice.proxy"));
    }

    @Test
    void nothing_on_an_event_loop_blocks() {
        EventLoopCalls.in(
                        "dev.sluice.proxy.tcp..",
                        "dev.sluice.proxy.path..",
                        "dev.sluice.proxy.route..",
                        "dev.sluice.proxy.filter..",
                        "dev.sluice.proxy.tap..",
                        "dev.sluice.proxy.gate..",
                        "dev.sluice.proxy.dispatch..",
                        "dev.sluice.proxy.attempt..",
                        "dev.sluice.proxy.outcome..",
                        "dev.sluice.proxy.plan..",
                        "dev.sluice.proxy.mirror..",
                        "dev.sluice.proxy.fault..",
                        "dev.sluice.proxy.call..",
                        "dev.sluice.proxy.cluster..",
                        "dev.sluice.proxy.probe..",
                        "dev.sluice.proxy.pool..",
                        "dev.sluice.proxy.codec..",
                        "dev.sluice.proxy.tls..",
                        "dev.sluice.proxy.operator..",
                        "dev.sluice.proxy.exchange..",
                        "dev.sluice.proxy.observe..")
                .check(PackageOrder.production("dev.sluice.proxy"));
    }
}
