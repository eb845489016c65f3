package dev.sluice.control.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.store.LogReader;
import dev.sluice.control.store.PostgresAddress;
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
        if (store.isEmpty()) {
            return LogReader.open(file(home));
        }
        return switch (PostgresAddress.read(store, user, passwordFile)) {
            case Parsed.Ok<PostgresAddress>(var address) -> LogReader.open(address);
            case Parsed.Refused<PostgresAddress>(var problems) ->
                    throw new StoreException(problems.getFirst());
        };
    }

    private Path file(Path home) {
        return state.orElse(home.resolve(".sluice/control")).resolve(ControlPlane.LOG_FILE);
    }
}
