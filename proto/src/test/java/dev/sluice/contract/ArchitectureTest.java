package dev.sluice.contract;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.arch.PackageOrder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The package order of this module and what its pure packages may not touch. */
class ArchitectureTest {
    private static final PackageOrder ORDER =
            new PackageOrder(
                    "dev.sluice.contract", List.of("document, decide", "gate", "match"), Set.of());

    @Test
    void imports_follow_the_written_order() {
        assertThat(ORDER.violations()).as("imports against the package order").isEmpty();
    }

    @Test
    void pure_packages_know_no_network_database_clock_or_randomness() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.sluice.contract..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "io.grpc..", "java.sql..", "java.net.http..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because(
                        "the pure core takes time and randomness as arguments (docs/architecture.md)")
                .allowEmptyShould(true)
                .check(PackageOrder.production("dev.sluice.contract"));
    }
}
