package dev.sluice.control.admin.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateDatabaseRequest;
import dev.sluice.admin.v1.Database;
import dev.sluice.admin.v1.DatabaseServiceGrpc;
import dev.sluice.admin.v1.DatabaseServiceGrpc.DatabaseServiceBlockingStub;
import dev.sluice.admin.v1.DeleteDatabaseRequest;
import dev.sluice.admin.v1.GetDatabaseRequest;
import dev.sluice.admin.v1.GetMigrationRequest;
import dev.sluice.admin.v1.ListBlockersRequest;
import dev.sluice.admin.v1.ListDatabasesRequest;
import dev.sluice.admin.v1.PlanMigrationsRequest;
import dev.sluice.admin.v1.UpdateDatabaseRequest;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.path.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases over the wire, and the migrations that take of them. */
class DatabaseApiIT {
    private static final String NAME = "databases/shop";

    @TempDir private Path folder;
    private AdminPlane plane;
    private DatabaseServiceBlockingStub databases;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
        databases = DatabaseServiceGrpc.newBlockingStub(plane.admin());
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private Database create(Database database) {
        return databases.createDatabase(
                CreateDatabaseRequest.newBuilder()
                        .setDatabaseId("shop")
                        .setDatabase(database)
                        .build());
    }

    private Database get() {
        return databases.getDatabase(GetDatabaseRequest.newBuilder().setName(NAME).build());
    }

    private void accepted(Command command) {
        assertThat(plane.path().submit(command, Fixtures.admin()).join())
                .isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void a_database_is_created_shown_changed_and_deleted() {
        Database created = create(Database.newBuilder().setLocks(1).setIoPercent(50).build());
        assertThat(created.toBuilder().clearCreateTime().clearUpdateTime().clearEtag().build())
                .isEqualTo(
                        Database.newBuilder()
                                .setName(NAME)
                                .setStore("shop")
                                .setLocks(1)
                                .setIoPercent(50)
                                .build());
        assertThat(
                        databases
                                .listDatabases(ListDatabasesRequest.getDefaultInstance())
                                .getDatabasesList())
                .containsExactly(created);
        Database unbound =
                databases.updateDatabase(
                        UpdateDatabaseRequest.newBuilder()
                                .setDatabase(
                                        Database.newBuilder()
                                                .setName(NAME)
                                                .setReplicationPercent(20))
                                .setUpdateMask(
                                        FieldMask.newBuilder()
                                                .addPaths("io_percent")
                                                .addPaths("replication_percent"))
                                .build());
        assertThat(unbound.hasIoPercent()).isFalse();
        assertThat(unbound.getReplicationPercent()).isEqualTo(20);
        assertThat(unbound.getLocks()).isEqualTo(1);
        var unused =
                databases.deleteDatabase(
                        DeleteDatabaseRequest.newBuilder()
                                .setName(NAME)
                                .setEtag(unbound.getEtag())
                                .build());
        assertThatThrownBy(this::get).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void every_problem_of_a_database_is_told() {
        assertThatThrownBy(() -> create(Database.newBuilder().setLocks(0).build()))
                .hasMessageContaining("locks");
        assertThatThrownBy(() -> create(Database.newBuilder().setIoPercent(-1).build()))
                .hasMessageContaining("io_percent");
        assertThatThrownBy(() -> create(Database.newBuilder().setStore("a/b").setLocks(65).build()))
                .hasMessageContaining("2 problems");
    }

    @Test
    void who_takes_and_who_waits_is_shown() {
        accepted(new Command.CreateService(Fixtures.service("orders")));
        accepted(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        accepted(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        create(Database.newBuilder().setLocks(1).setIoPercent(50).build());
        for (String id : List.of("a", "b")) {
            accepted(new Command.CreateGate(Fixtures.gate(id, "orders", 0)));
            accepted(
                    new Command.CreateMigration(
                            Fixtures.with(
                                    Fixtures.migration(
                                            id, id, StoreKind.SHARED, List.of("shop/" + id)),
                                    Risk.HIGH,
                                    Fixtures.using("shop", 30, 10))));
        }
        var a =
                plane.migrations()
                        .getMigration(
                                GetMigrationRequest.newBuilder().setName("migrations/a").build());
        assertThat(a.getStores(0).getIoPercent()).isEqualTo(30);
        assertThat(a.getStores(0).getReplicationPercent()).isEqualTo(10);
        assertThat(
                        plane.path()
                                .submit(
                                        new Command.AdvanceMigration(new MigrationName("a")),
                                        Fixtures.admin().withEtag(a.getEtag()))
                                .join())
                .isInstanceOf(Outcome.Accepted.class);

        assertThat(get().getUsesList())
                .containsExactly(
                        Database.Use.newBuilder()
                                .setMigration("migrations/a")
                                .setLocks(true)
                                .setIoPercent(30)
                                .setReplicationPercent(10)
                                .build());
        assertThat(
                        plane.migrations()
                                .listBlockers(
                                        ListBlockersRequest.newBuilder()
                                                .setName("migrations/b")
                                                .build())
                                .getBlockersList())
                .extracting(blocker -> blocker.getSubject())
                .contains("databases/shop.locks", "databases/shop.io_percent");
        assertThat(
                        plane.migrations()
                                .planMigrations(PlanMigrationsRequest.getDefaultInstance())
                                .getShortagesList())
                .extracting(shortage -> shortage.getBudget() + " " + shortage.getNeeded())
                .containsExactly("locks 2", "io_percent 60");
    }
}
