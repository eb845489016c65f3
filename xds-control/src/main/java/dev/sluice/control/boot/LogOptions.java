package dev.sluice.control.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.store.LogCopy;
import dev.sluice.control.store.LogReader;
import dev.sluice.control.store.LogRestore;
import dev.sluice.control.store.PostgresAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which log a command is about. Filled once by the parser. */
final class LogOptions {
    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            description = "State of the control plane. Default: ~/.sluice/control")
    private Optional<Path> state = Optional.empty();

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "jdbc:postgresql://HOST:PORT/DATABASE, when the log is there")
    private String store = "";

    @Option(names = "--store-user", paramLabel = "NAME", description = "User of that database")
    private String user = "";

    @Option(
            names = "--store-password-file",
            paramLabel = "FILE",
            description = "File with its password in the first line")
    private Optional<Path> passwordFile = Optional.empty();

    /**
     * Opens it to be read.
     *
     * @param home folder of the user, for the default of the state folder
     * @throws StoreException when it can't be
     */
    LogReader log(Path home) {
        return store.isEmpty() ? LogReader.open(file(home)) : LogReader.open(address());
    }

    /**
     * Puts a copy there.
     *
     * @throws StoreException when there is a log already, or it can't be written
     */
    Head restore(Path home, LogCopy copy) {
        if (store.isEmpty()) {
            return LogRestore.into(file(home), copy);
        }
        return LogRestore.into(address(), copy);
    }

    /**
     * Puts a copy into the database, which must be named.
     *
     * @throws StoreException as {@link #restore}
     */
    Head restoreTo(LogCopy copy) {
        if (store.isEmpty()) {
            throw new StoreException(
                    new Problem("--store", "nothing", "where the log is to go", "name a database"));
        }
        return LogRestore.into(address(), copy);
    }

    /** Where the database is. */
    PostgresAddress address() {
        return switch (PostgresAddress.read(store, user, passwordFile)) {
            case Parsed.Ok<PostgresAddress>(var address) -> address;
            case Parsed.Refused<PostgresAddress>(var problems) ->
                    throw new StoreException(problems.getFirst());
        };
    }

    Path file(Path home) {
        return state.orElse(home.resolve(".sluice/control")).resolve(OpenLog.FILE);
    }

    /** Why a command about a log failed, for people. */
    static String why(Exception failure) {
        return switch (failure) {
            case StoreException refused -> refused.problem().message();
            case IOException unreadable -> "file " + unreadable.getMessage();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
