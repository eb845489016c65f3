package dev.sluice.control.cli.watch;

import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationChange;
import dev.sluice.admin.v1.MigrationServiceGrpc;
import dev.sluice.admin.v1.WatchMigrationsRequest;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Rewatch;
import dev.sluice.control.cli.session.Session;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Prints all migrations and their changes, over as many connections as it takes. One that breaks
 * after everything was told once is taken up again where it broke: what is told again is not
 * printed again, and what went away meanwhile is. For one run.
 */
final class MigrationsWatch {
    private final Session session;
    private final Function<MigrationChange, String> line;
    private final Map<String, Migration> printed = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private String token;
    private boolean inSync;

    /** Whether the present connection has yet to say which migrations there are. */
    private boolean comesBack;

    /**
     * @param token where to begin; empty: with everything
     * @param line a change for people
     */
    MigrationsWatch(Session session, String token, Function<MigrationChange, String> line) {
        this.session = session;
        this.token = token;
        this.line = line;
    }

    int run() {
        new Rewatch(session, () -> comesBack = inSync)
                .run(
                        channel ->
                                MigrationServiceGrpc.newBlockingStub(channel)
                                        .watchMigrations(
                                                WatchMigrationsRequest.newBuilder()
                                                        .setResumeToken(token)
                                                        .build()),
                        this::print);
        return ExitCode.OK.number();
    }

    private boolean print(MigrationChange change) {
        switch (change.getChangeCase()) {
            case MIGRATION -> migration(change);
            case DELETED -> deleted(change);
            case IN_SYNC -> inSync(change);
            case CHANGE_NOT_SET -> event(change);
        }
        return true;
    }

    private void migration(MigrationChange change) {
        Migration migration = change.getMigration();
        names.add(migration.getName());
        if (!migration.equals(printed.put(migration.getName(), migration))) {
            event(change);
        }
    }

    private void deleted(MigrationChange change) {
        printed.remove(change.getDeleted());
        if (names.remove(change.getDeleted()) || !inSync) {
            event(change);
        }
    }

    private void inSync(MigrationChange change) {
        if (comesBack) {
            Set<String> gone = new HashSet<>(names);
            gone.removeAll(change.getInSync().getNamesList());
            gone.stream()
                    .sorted()
                    .forEach(
                            name -> deleted(MigrationChange.newBuilder().setDeleted(name).build()));
            comesBack = false;
        }
        names.addAll(change.getInSync().getNamesList());
        token = change.getInSync().getResumeToken();
        if (inSync) {
            session.printer().mark(change);
        } else {
            event(change);
        }
        inSync = true;
    }

    private void event(MigrationChange change) {
        session.printer().event(change, line.apply(change));
    }
}
