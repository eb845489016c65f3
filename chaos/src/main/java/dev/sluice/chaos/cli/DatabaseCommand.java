package dev.sluice.chaos.cli;

import dev.sluice.chaos.database.DatabaseFaults;
import dev.sluice.chaos.database.DatabaseFaults.Kind;
import dev.sluice.chaos.database.DatabaseFaults.Others;
import dev.sluice.chaos.database.HeldFault;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice chaos database}: one fault of a PostgreSQL database, for a while. */
@Command(
        name = "database",
        mixinStandardHelpOptions = true,
        description = {
            "Holds a fault of a PostgreSQL database, prints what it has counted, and takes it back.",
            "Its sessions are named sluice-chaos; when this process dies, the database ends them."
        })
final class DatabaseCommand implements Callable<Integer> {
    private static final Pattern TABLE =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}(\\.[A-Za-z_][A-Za-z0-9_]{0,62})?");
    private static final Set<Kind> ON_TABLES =
            Set.of(Kind.LOCK_QUEUE, Kind.IDLE_IN_TRANSACTION, Kind.DEADLOCKS);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int MOST_CONNECTIONS = 10_000;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "FAULT",
            description =
                    "lock-queue, idle-in-transaction, long-transaction, deadlocks, exhaustion,"
                            + " replica-pause")
    private String fault = "";

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "jdbc:postgresql://HOST:PORT/DATABASE")
    private String url = "";

    @Option(names = "--user", paramLabel = "NAME", description = "Default: ${DEFAULT-VALUE}")
    private String user = "postgres";

    @Option(
            names = "--password-env",
            paramLabel = "NAME",
            description = "Environment variable with the password. Default: ${DEFAULT-VALUE}")
    private String passwordVariable = "SLUICE_DATABASE_PASSWORD";

    @Option(names = "--table", paramLabel = "TABLE", description = "table or schema.table")
    private String table = "";

    @Option(
            names = "--connections",
            paramLabel = "NUMBER",
            description = "Of exhaustion: how many at most. Default: ${DEFAULT-VALUE}")
    private int connections = 100;

    @Option(
            names = "--end-others",
            description =
                    "Of exhaustion: ends the other sessions of this user, so that pools that hold"
                            + " connections need new ones")
    private boolean endOthers;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            description = "How long, at most 1h. Default: ${DEFAULT-VALUE}")
    private String length = "10s";

    @Option(
            names = "--at-least",
            paramLabel = "NUMBER",
            description = "What it must have counted, else exit code 3. Default: ${DEFAULT-VALUE}")
    private long atLeast = 1;

    @Option(
            names = "--take-back",
            description =
                    "Of replica-pause: ends a pause that a killed process has left, and no more")
    private boolean takeBack;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Kind kind = kind();
        Duration time = HeldTime.parse(spec, "--for", length);
        if (ON_TABLES.contains(kind) && !TABLE.matcher(table).matches()) {
            throw wrong("--table '" + table + "' (expected: table or schema.table)");
        }
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw wrong(
                    "--connections " + connections + " (expected: 1.." + MOST_CONNECTIONS + ")");
        }
        if (endOthers && kind != Kind.EXHAUSTION) {
            throw wrong("--end-others of " + kind.word() + " (expected: of exhaustion)");
        }
        if (takeBack && kind != Kind.REPLICA_PAUSE) {
            throw wrong("--take-back of " + kind.word() + " (expected: of replica-pause)");
        }
        String password = Optional.ofNullable(System.getenv(passwordVariable)).orElse("");
        if (takeBack) {
            return takenBack(new DatabaseFaults(url, user, password)).number();
        }
        Others others = endOthers ? Others.ARE_ENDED : Others.STAY;
        try (HeldFault held =
                new DatabaseFaults(url, user, password).begin(kind, table, connections, others)) {
            Thread hook = new Thread(() -> close(held), "database-restore");
            Runtime.getRuntime().addShutdownHook(hook);
            long counted = held.hold(time, PAUSE);
            var unused = Runtime.getRuntime().removeShutdownHook(hook);
            spec.commandLine().getOut().println(counted);
            return (counted >= atLeast ? ExitCode.PASSED : ExitCode.INCONCLUSIVE).number();
        } catch (SQLException refused) {
            throw new IOException(kind.word() + ": " + refused.getMessage(), refused);
        }
    }

    /** A pause that was not there is taken back too. */
    private ExitCode takenBack(DatabaseFaults faults) throws IOException {
        try {
            spec.commandLine().getOut().println(faults.resumeReplica() ? 1 : 0);
            return ExitCode.PASSED;
        } catch (SQLException refused) {
            throw new IOException("replica-pause: " + refused.getMessage(), refused);
        }
    }

    private static void close(HeldFault held) {
        try {
            held.close();
        } catch (SQLException failed) {
            System.err.println("sluice chaos: could not take back: " + failed.getMessage());
        }
    }

    private Kind kind() {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.word().equals(fault))
                .findFirst()
                .orElseThrow(() ->
                        wrong(
                                "fault '%s' (expected: one of %s)"
                                        .formatted(
                                                fault,
                                                Arrays.stream(Kind.values())
                                                        .map(Kind::word)
                                                        .toList())));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
