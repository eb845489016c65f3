package dev.sluice.control.change.spec;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.gate.StoreKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One change of a schema as a product: what is to become of it, who answers for it, and how it
 * walks. Immutable; ranges are checked by {@code lifecycle}.
 *
 * @param target gate or gate set whose keys it moves; no other migration at work has the same
 * @param store must be that of the gates
 * @param product what people need to know of it
 * @param tables {@code store/table}, that it changes; sorted; 0..256
 * @param dependsOn migrations that must be DONE before it begins; 0..64, without a cycle
 * @param soaks least stay in a phase after it was applied everywhere; none is 0
 * @param ramp the steps of {@link Phase#RAMP}; ascending, the last below 100 %
 * @param soak how the 100 % of {@link Phase#SOAK} is left
 */
public record MigrationSpec(
        MigrationName name,
        Description description,
        ShareTarget target,
        StoreKind store,
        Product product,
        List<String> tables,
        List<MigrationName> dependsOn,
        List<Soak> soaks,
        List<RampSpec.Step> ramp,
        RampSpec.Step soak,
        JudgePolicy judge) {
    public MigrationSpec {
        tables = tables.stream().sorted().distinct().toList();
        dependsOn = dependsOn.stream().sorted().distinct().toList();
        soaks = List.copyOf(soaks);
        ramp = List.copyOf(ramp);
    }

    /** What is known of it as a product; empty lists where nothing is said. */
    public MigrationProfile profile() {
        return product.profile().orElse(MigrationProfile.EMPTY);
    }

    /** Of the tables, and those that are named as such; sorted. */
    public SortedSet<String> storeNames() {
        SortedSet<String> names = new TreeSet<>();
        tables.forEach(table -> names.add(storeOf(table)));
        profile().scope().stores().forEach(store -> names.add(store.name()));
        return names;
    }

    /** The store of a table; the whole text when it names none. */
    public static String storeOf(String table) {
        return table.split("/", 2)[0];
    }

    /** Least stay in a phase. */
    public Duration soakOf(Phase phase) {
        return soaks.stream()
                .filter(soak -> soak.phase() == phase)
                .map(Soak::least)
                .findFirst()
                .orElse(Duration.ZERO);
    }

    /** How long the work of a phase is expected to take; zero where nothing is. */
    public Duration estimateOf(Phase phase) {
        return soaks.stream()
                .filter(soak -> soak.phase() == phase)
                .flatMap(soak -> soak.estimate().stream())
                .findFirst()
                .orElse(Duration.ZERO);
    }

    /**
     * What people need to know of a migration. The risk decides what it needs, and of the profile
     * who must approve and when the old side may go; nothing else of it decides.
     *
     * @param outcome what the business gains, 0..1,024 characters
     * @param ticketUri 0..1,024 characters
     * @param riskReasons why the risk is what it is; 0..16
     * @param compatibility of the new schema with those who know the old one
     * @param schemaVersion semantic version of the new schema, such as {@code 2.0.0}; empty for
     *     none
     * @param artifactDigest of the change scripts; empty when there are none
     * @param profile everything else; empty when nothing is said
     */
    public record Product(
            String outcome,
            String ticketUri,
            Risk risk,
            List<String> riskReasons,
            Compatibility compatibility,
            String schemaVersion,
            Optional<String> artifactDigest,
            Optional<MigrationProfile> profile) {
        /** Nothing said: taken for the worst. */
        public static final Product UNKNOWN =
                new Product(
                        "",
                        "",
                        Risk.HIGH,
                        List.of(),
                        Compatibility.NONE,
                        "",
                        Optional.empty(),
                        Optional.empty());

        public Product {
            riskReasons = List.copyOf(riskReasons);
        }
    }

    /** How much can go wrong. */
    public enum Risk {
        LOW,
        MEDIUM,
        HIGH,
        CRITICAL
    }

    /** Who can go on with what the other wrote. */
    public enum Compatibility {
        /** Neither. */
        NONE,
        /** New readers with old data. */
        BACKWARD,
        /** Old readers with new data. */
        FORWARD,
        /** Both. */
        FULL
    }

    /**
     * Least stay in one phase.
     *
     * @param least 0..90 d
     * @param estimate how long its work is expected to take, 0..90 d; empty for nothing expected
     */
    public record Soak(Phase phase, Duration least, Optional<Duration> estimate) {}
}
