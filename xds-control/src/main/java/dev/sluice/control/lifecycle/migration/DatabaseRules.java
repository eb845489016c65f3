package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.DatabaseName;
import dev.sluice.contract.Problem;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Database;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.DatabaseSpec;
import dev.sluice.control.change.spec.DatabaseSpec.Budget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.List;
import java.util.Optional;

/** Decides about databases. Immutable. */
public record DatabaseRules(Catalog catalog, CommandContext context) {
    private static final int MOST_DATABASES = 1_000;

    public Decision create(DatabaseSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.database(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        } else if (catalog.databases().size() >= MOST_DATABASES) {
            refusals.precondition(
                    "name",
                    MOST_DATABASES + " databases",
                    "fewer than that",
                    "delete those that no migration changes");
        }
        check(spec, refusals);
        return refusals.orElse(() -> List.of(new Event.DatabasePut(spec)));
    }

    public Decision update(DatabaseSpec spec) {
        Refusals refusals = new Refusals();
        Optional<Database> present = refusals.require(catalog.database(spec.name()), spec.name());
        present.ifPresent(database -> refusals.checkEtag(database, context));
        check(spec, refusals);
        boolean same = present.filter(database -> database.spec().equals(spec)).isPresent();
        return refusals.orElse(() -> same ? List.of() : List.of(new Event.DatabasePut(spec)));
    }

    public Decision delete(DatabaseName name) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.database(name), name)
                .ifPresent(database -> refusals.checkEtag(database, context));
        return refusals.orElse(() -> List.of(new Event.DatabaseDeleted(name)));
    }

    private void check(DatabaseSpec spec, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        ranges.description(spec.description());
        ranges.text("store", spec.store(), 1, 128);
        if (spec.store().contains("/")) {
            refusals.invalid(
                    "store",
                    Problem.quote(spec.store()),
                    "a text without a slash",
                    "give what stands before the slash of its tables");
        }
        Budget budget = spec.budget();
        budget.locks().ifPresent(most -> ranges.number("locks", most, 1, 64));
        budget.ioPercent().ifPresent(most -> ranges.number("io_percent", most, 1, 1_000));
        budget.replicationPercent()
                .ifPresent(most -> ranges.number("replication_percent", most, 1, 1_000));
        catalog.databases().stream()
                .filter(other -> other.spec().store().equals(spec.store()))
                .filter(other -> !other.name().equals(spec.name()))
                .forEach(other ->
                        refusals.precondition(
                                "store",
                                other.name() + " has the budget of " + spec.store(),
                                "one database for a store",
                                "change that one, or name another store"));
    }
}
