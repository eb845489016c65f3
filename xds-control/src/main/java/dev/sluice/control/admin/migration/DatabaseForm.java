package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.Database;
import dev.sluice.contract.DatabaseName;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.DatabaseSpec;
import dev.sluice.control.change.spec.DatabaseSpec.Budget;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.lifecycle.migration.StoreBudgets;
import java.util.Optional;

/** Databases on the wire. Immutable. */
final class DatabaseForm
        implements Form<Database, DatabaseSpec, dev.sluice.control.catalog.Database> {
    @Override
    public Database write(dev.sluice.control.catalog.Database database, Catalog catalog) {
        DatabaseSpec spec = database.spec();
        Database.Builder message =
                Database.newBuilder()
                        .setName(spec.name().name())
                        .setEtag(database.meta().etag())
                        .setCreateTime(Times.write(database.meta().createTime()))
                        .setUpdateTime(Times.write(database.meta().updateTime()))
                        .setDisplayName(spec.description().displayName())
                        .setOwner(spec.description().owner())
                        .putAllLabels(spec.description().labels())
                        .setStore(spec.store());
        spec.budget().locks().ifPresent(message::setLocks);
        spec.budget().ioPercent().ifPresent(message::setIoPercent);
        spec.budget().replicationPercent().ifPresent(message::setReplicationPercent);
        StoreBudgets.uses(catalog, database)
                .forEach(use ->
                        message.addUsesBuilder()
                                .setMigration(use.migration().name())
                                .setLocks(use.locks() > 0)
                                .setIoPercent(use.ioPercent())
                                .setReplicationPercent(use.replicationPercent()));
        return message.build();
    }

    @Override
    public Optional<DatabaseSpec> read(Database message, Problems at) {
        int before = at.count();
        Optional<DatabaseName> name = DatabaseName.parse(message.getName(), at.field("name"));
        Budget budget =
                new Budget(
                        number(message.hasLocks(), message.getLocks(), at.field("locks")),
                        number(
                                message.hasIoPercent(),
                                message.getIoPercent(),
                                at.field("io_percent")),
                        number(
                                message.hasReplicationPercent(),
                                message.getReplicationPercent(),
                                at.field("replication_percent")));
        if (at.count() > before) {
            return Optional.empty();
        }
        DatabaseName known = name.orElseThrow();
        return Optional.of(
                new DatabaseSpec(
                        known,
                        new Description(
                                message.getDisplayName(),
                                message.getOwner(),
                                message.getLabelsMap()),
                        message.getStore().isEmpty() ? known.id() : message.getStore(),
                        budget));
    }

    private static Optional<Integer> number(boolean given, int unsigned, Problems at) {
        return given ? Optional.of(Unsigned.orDefault(unsigned, 0, at)) : Optional.empty();
    }
}
