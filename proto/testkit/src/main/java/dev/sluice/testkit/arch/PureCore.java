package dev.sluice.testkit.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;

/**
 * The rule of packages whose answers must not depend on the machine: no network, database, clock or
 * randomness but what is given to them as an argument.
 */
public final class PureCore {
    private PureCore() {}

    /**
     * The rule for these packages.
     *
     * @param packages as ArchUnit writes them, such as {@code dev.sluice.proxy.gate..}
     */
    public static ArchRule of(String... packages) {
        return noClasses()
                .that()
                .resideInAnyPackage(packages)
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
                .allowEmptyShould(true);
    }
}
