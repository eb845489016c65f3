package dev.sluice.control.catalog;

import dev.sluice.contract.MigrationName;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.MigrationSpec;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All migrations, and which of them moves a target. Immutable.
 *
 * @param open those that are not over, by the name of what they move
 */
record MigrationMaps(
        PersistentMap<MigrationName, Migration> all, PersistentMap<String, MigrationName> open) {
    /** With a plan, new or changed. */
    MigrationMaps planned(MigrationSpec spec, LoggedEvent by) {
        Migration next =
                all.get(spec.name())
                        .map(found -> found.respecified(spec, by))
                        .orElseGet(() -> Migration.planned(spec, by));
        PersistentMap<String, MigrationName> others = closed(spec.name());
        return new MigrationMaps(
                all.with(spec.name(), next),
                next.state().isOpen() ? others.with(spec.target().name(), spec.name()) : others);
    }

    /** With one of them changed; one that is over then moves nothing any more. */
    MigrationMaps changed(MigrationName name, UnaryOperator<Migration> change) {
        Optional<Migration> next = all.get(name).map(change);
        if (next.isEmpty()) {
            return this;
        }
        return new MigrationMaps(
                all.with(name, next.get()), next.get().state().isOpen() ? open : closed(name));
    }

    /** With every one of a risk that has begun bound by a policy. */
    MigrationMaps bound(ApprovalPolicySpec policy) {
        MigrationMaps now = this;
        for (MigrationName name : open.values()) {
            if (all.get(name)
                    .filter(found -> found.spec().product().risk() == policy.risk())
                    .isPresent()) {
                now = now.changed(name, found -> found.boundBy(policy));
            }
        }
        return now;
    }

    MigrationMaps without(MigrationName name) {
        return new MigrationMaps(all.without(name), closed(name));
    }

    private PersistentMap<String, MigrationName> closed(MigrationName name) {
        return all.get(name)
                .map(found -> found.spec().target().name())
                .filter(target -> open.get(target).filter(name::equals).isPresent())
                .map(open::without)
                .orElse(open);
    }
}
