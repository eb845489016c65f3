package dev.sluice.control.cli.watch;

import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationChange;
import dev.sluice.admin.v1.MigrationServiceGrpc;
import dev.sluice.admin.v1.WatchMigrationRequest;
import dev.sluice.control.cli.resource.Migrations;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Rewatch;
import dev.sluice.control.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints migrations as they are, then every change. For one run. */
@Command(
        name = "watch",
        description = {
            "Prints a migration as it is, then every change, until it is over; without a name all",
            "of them, until it is stopped. Both go on where the connection breaks meanwhile. Exits 0",
            "when the one is finished and 1 when it was given up."
        })
public final class MigrationWatch implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Default: all migrations")
    private String name = "";

    @Option(
            names = "--resume-token",
            paramLabel = "TOKEN",
            description =
                    "Of a watch of all before, as `-o json` prints it: prints only what changed"
                            + " since")
    private String resumeToken = "";

    public MigrationWatch(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return name.isEmpty()
                ? new MigrationsWatch(session, resumeToken, MigrationWatch::line).run()
                : one();
    }

    private int one() {
        var request =
                WatchMigrationRequest.newBuilder().setName(Migrations.SHAPE.expand(name)).build();
        return new Rewatch(session)
                .states(
                        channel ->
                                MigrationServiceGrpc.newBlockingStub(channel)
                                        .watchMigration(request),
                        migration -> session.printer().event(migration, line(migration)))
                .filter(last -> last.getState() == Migration.State.ABANDONED)
                .map(_ -> ExitCode.REFUSED.number())
                .orElse(ExitCode.OK.number());
    }

    private static String line(MigrationChange change) {
        return switch (change.getChangeCase()) {
            case MIGRATION -> line(change.getMigration());
            case DELETED -> change.getDeleted() + " deleted";
            case IN_SYNC ->
                    "-- "
                            + change.getInSync().getNamesCount()
                            + " migrations, now watching changes";
            case CHANGE_NOT_SET -> "-- a change that this version does not know";
        };
    }

    private static String line(Migration migration) {
        return "%s %s %s: %s"
                .formatted(
                        migration.getName(),
                        migration.getState(),
                        Migrations.phase(migration),
                        migration.getStatusMessage());
    }
}
