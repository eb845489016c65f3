package dev.sluice.control.boot;

import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.store.BackupFile;
import dev.sluice.control.store.LogCopy;
import dev.sluice.control.store.LogReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sluice store}: copies the log of a control plane, and puts copies back. For one run. */
@Command(
        name = "sluice store",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        version = "sluice 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "Backs up, restores and moves the log of a control plane.",
        footer = {"", "Exit codes: 0 done, 1 refused or damaged, 2 wrong use."})
final class StoreCommand implements Callable<Integer> {
    private static final int DONE = 0;
    private static final int REFUSED = 1;
    private static final int WRONG_USE = 2;
    private static final int PAGE = 1_000;

    private final PrintWriter out;
    private final PrintWriter err;
    private final LogDefaults defaults;

    StoreCommand(PrintWriter out, PrintWriter err, LogDefaults defaults) {
        this.out = out;
        this.err = err;
        this.defaults = defaults;
    }

    /** Runs it; the exit code. */
    int run(String... arguments) {
        return new CommandLine(this)
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, _, _) -> refused(failure))
                .execute(arguments);
    }

    @Override
    public Integer call() {
        new CommandLine(this).usage(err);
        return WRONG_USE;
    }

    @Command(
            description = {
                "Writes the log to a file, also while a control plane runs.",
                "The file is the same from a SQLite file and from a database."
            })
    int backup(
            @Mixin LogOptions from,
            @Parameters(paramLabel = "FILE", description = "A new file") Path file)
            throws IOException {
        try (LogReader log = from.log(defaults)) {
            Head end = BackupFile.write(file, log);
            out.printf("backup: %d events, head %s%n", end.seq(), end.hash().hex());
        }
        return DONE;
    }

    @Command(
            description = {
                "Puts a backup where there is no log, and raises the epoch, so that nodes that saw"
                        + " later changes take what comes.",
                "Changes made after the backup are lost."
            })
    int restore(
            @Mixin LogOptions into,
            @Parameters(paramLabel = "FILE", description = "A backup") Path file)
            throws IOException {
        try (BackupFile backup = BackupFile.open(file)) {
            return done("restored", into.restore(defaults, backup), backup);
        }
    }

    @Command(
            description = {
                "Copies the log of a SQLite file (--state) into a database (--store) that has"
                        + " none.",
                "The control plane of the file must not run; the file stays as it is."
            })
    int migrate(@Mixin LogOptions between) {
        Path file = between.file(defaults);
        try (LogReader log = LogReader.openAlone(file)) {
            LogCopy copy = new Pages(log);
            return done("migrated", between.restoreTo(defaults, copy), copy);
        }
    }

    private int done(String what, Head end, LogCopy copy) {
        out.printf(
                "%s: %d events, head %s, epoch %d%n",
                what, end.seq(), end.hash().hex(), copy.epoch() + 1);
        return DONE;
    }

    private int refused(Exception failure) {
        err.println("sluice store: " + LogOptions.why(failure));
        return REFUSED;
    }

    /** A log, page by page. */
    private static final class Pages implements LogCopy {
        private final LogReader log;
        private long next = 1;

        Pages(LogReader log) {
            this.log = log;
        }

        @Override
        public long epoch() {
            return log.epoch();
        }

        @Override
        public List<LoggedEvent> next() {
            List<LoggedEvent> page = log.read(next, PAGE);
            next += page.size();
            return page;
        }
    }
}
