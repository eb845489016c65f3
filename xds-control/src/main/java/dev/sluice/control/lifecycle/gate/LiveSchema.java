package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.VersionSpec.SchemaRange;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.structure.VersionRules;
import java.util.List;
import java.util.Optional;

/**
 * The schema that a store which both versions share has by now: from the end of EXPAND on that of
 * the migration. Whom keys would go back to must be able to work on it, where it says anything.
 * Stateless.
 */
final class LiveSchema {
    private LiveSchema() {}

    /** Notes each gate whose keys the legacy version could not serve. */
    static void refuseUnserved(Catalog catalog, List<GateState> gates, Refusals refusals) {
        for (GateState gate : gates) {
            if (!gate.content().share().isNone()) {
                changed(catalog, gate)
                        .ifPresent(migration ->
                                legacy(catalog, gate)
                                        .ifPresent(it -> refuse(it, migration, refusals)));
            }
        }
    }

    /** The migration that has changed the store of a gate. */
    private static Optional<Migration> changed(Catalog catalog, GateState gate) {
        return catalog.openMigration(ShareRules.whole(catalog, new ShareTarget.OfGate(gate.name())))
                .filter(migration -> migration.spec().store() == StoreKind.SHARED)
                .filter(migration -> migration.phase().compareTo(Phase.EXPAND) > 0)
                .filter(migration -> !migration.spec().product().schemaVersion().isEmpty());
    }

    private static Optional<VersionSpec> legacy(Catalog catalog, GateState gate) {
        return VersionName.parse(gate.content().cluster(Arm.LEGACY))
                .toOptional()
                .flatMap(catalog::version)
                .map(version -> version.spec());
    }

    private static void refuse(VersionSpec legacy, Migration migration, Refusals refusals) {
        String schema = migration.spec().product().schemaVersion().split("[-+]", 2)[0];
        Optional<SchemaRange> range =
                legacy.acceptedSchema()
                        .filter(it -> migration.spec().storeNames().contains(it.store()))
                        .filter(it -> !VersionRules.accepts(it, schema));
        range.ifPresent(it ->
                refusals.precondition(
                        "accepted_schema",
                        legacy.name()
                                + " accepts "
                                + it.min()
                                + " to "
                                + it.max()
                                + " of "
                                + it.store(),
                        schema + ", which the store has since EXPAND of " + migration.name(),
                        "bring out a legacy version that works on it and say so, or repair the new"
                                + " version; a kill takes keys back all the same"));
    }
}
