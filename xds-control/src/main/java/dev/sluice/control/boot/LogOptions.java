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
            description =
                    "State of the control plane. Default: $SLUICE_STATE, else ~/.sluice/control")
    private Optional<Path> state = Optional.empty();

    @Option(
            names = "--store",
            paramLabel = "URL",
            description =
                    "jdbc:postgresql://HOST:PORT/DATABASE, when the log is there. Default:"
                            + " $SLUICE_STORE")
    private String store = "";

    @Option(
            names = "--store-user",
            paramLabel = "NAME",
            description = "User of that database. Default: $SLUICE_STORE_USER")
    private String user = "";

    @Option(
            names = "--store-password-file",
            paramLabel = "FILE",
            description =
                    "File with its password in the first line. Default:"
                            + " $SLUICE_STORE_PASSWORD_FILE")
    private Optional<Path> passwordFile = Optional.empty();

    /**
     * Opens it to be read.
     *
     * @throws StoreException when it can't be
     */
    LogReader log(LogDefaults defaults) {
        return store(defaults).isEmpty()
                ? LogReader.open(file(defaults))
                : LogReader.open(address(defaults));
    }

    /**
     * Puts a copy there.
     *
     * @throws StoreException when there is a log already, or it can't be written
     */
    Head restore(LogDefaults defaults, LogCopy copy) {
        return store(defaults).isEmpty()
                ? LogRestore.into(file(defaults), copy)
                : LogRestore.into(address(defaults), copy);
    }

    /**
     * Puts a copy into the database, which must be named.
     *
     * @throws StoreException as {@link #restore}
     */
    Head restoreTo(LogDefaults defaults, LogCopy copy) {
        if (store.isEmpty()) {
            throw new StoreException(
                    new Problem("--store", "nothing", "where the log is to go", "name a database"));
        }
        return LogRestore.into(address(defaults), copy);
    }

    /** Where the file is. */
    Path file(LogDefaults defaults) {
        return state.orElseGet(defaults::state).resolve(OpenLog.FILE);
    }

    /** Who names a folder means the file in it, whatever the variables say of a database. */
    private String store(LogDefaults defaults) {
        return store.isEmpty() && state.isEmpty() ? defaults.store() : store;
    }

    private PostgresAddress address(LogDefaults defaults) {
        String as = user.isEmpty() ? defaults.user() : user;
        return switch (PostgresAddress.read(
                store(defaults), as, passwordFile.or(defaults::passwordFile))) {
            case Parsed.Ok<PostgresAddress>(var address) -> address;
            case Parsed.Refused<PostgresAddress>(var problems) ->
                    throw new StoreException(problems.getFirst());
        };
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
