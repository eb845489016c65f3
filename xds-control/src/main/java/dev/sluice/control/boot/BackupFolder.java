package dev.sluice.control.boot;

import dev.sluice.contract.OperationName;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.orchestrate.Backups;
import dev.sluice.control.store.BackupFile;
import dev.sluice.control.store.LogReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Backups in a folder of this machine, one file for each operation. Thread-safe. */
final class BackupFolder implements Backups {
    private static final String SUFFIX = ".jsonl";

    private final Settings settings;
    private final Supplier<String> replica;

    /**
     * @param replica admin address of this control plane
     */
    BackupFolder(Settings settings, Supplier<String> replica) {
        this.settings = settings;
        this.replica = replica;
    }

    @Override
    public OperationOutcome.BackedUp write(OperationName name) {
        try (LogReader log = log()) {
            Path folder = settings.backups();
            Files.createDirectories(folder);
            Path file = folder.resolve(name.id() + SUFFIX);
            Files.deleteIfExists(file); // of the same operation, before a restart
            Head end = BackupFile.write(file, log);
            return new OperationOutcome.BackedUp(
                    file.toString(), replica.get(), end.seq(), end.hash(), Files.size(file));
        } catch (IOException e) {
            throw new UncheckedIOException("file " + e.getMessage(), e);
        }
    }

    private LogReader log() {
        return settings.shared()
                .map(shared -> LogReader.open(shared.database()))
                .orElseGet(() -> LogReader.open(settings.state().resolve(OpenLog.FILE)));
    }
}
