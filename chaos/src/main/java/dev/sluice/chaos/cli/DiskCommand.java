package dev.sluice.chaos.cli;

import dev.sluice.chaos.disk.FilledDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice chaos disk}: fills the disk of a folder for a while. */
@Command(
        name = "disk",
        mixinStandardHelpOptions = true,
        description = {
            "Fills the disk of a folder, never by more than was said, and frees it.",
            "What it holds has no name, so that the system frees it when this process dies."
        })
final class DiskCommand implements Callable<Integer> {
    private static final Duration EVERY = Duration.ofMillis(100);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FOLDER", description = "A folder on the disk; it must be there")
    private Path folder = Path.of("");

    @Option(
            names = "--bytes",
            required = true,
            paramLabel = "SIZE",
            description = "What is held at most, such as 512MiB")
    private String most = "";

    @Option(
            names = "--leave",
            paramLabel = "SIZE",
            description = "What others still find on the disk. Default: ${DEFAULT-VALUE}")
    private String leave = "0B";

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            description = "How long once it is filled, at most 1h. Default: ${DEFAULT-VALUE}")
    private String length = "10s";

    @Option(
            names = "--full",
            description = "Exit code 3 unless the disk was full, but for what is left")
    private boolean mustBeFull;

    @Override
    public Integer call() throws IOException {
        long bytes = ByteSize.parse(spec, "--bytes", most, 1);
        long left = ByteSize.parse(spec, "--leave", leave, 0);
        Duration time = HeldTime.parse(spec, "--for", length);
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'"
                            + folder
                            + "' (expected: a folder that is there); create it, or correct it");
        }
        boolean full;
        long held;
        SignalledWaits signalled = SignalledWaits.begin("disk-end");
        try (FilledDisk disk = FilledDisk.in(folder, bytes, left)) {
            disk.fill(() -> !signalled.waits().ended());
            full = disk.isFull();
            long end = System.nanoTime() + time.toNanos();
            BooleanSupplier goesOn = () -> System.nanoTime() < end && !signalled.waits().ended();
            while (goesOn.getAsBoolean() && signalled.waits().pause(EVERY)) {
                disk.fill(goesOn);
                full |= disk.isFull();
            }
            held = disk.held();
        }
        if (signalled.end()) {
            return ExitCode.INTERRUPTED.number();
        }
        spec.commandLine().getOut().printf("{\"held\": %d, \"full\": %b}%n", held, full);
        boolean shown = held > 0 && (full || !mustBeFull);
        return (shown ? ExitCode.PASSED : ExitCode.INCONCLUSIVE).number();
    }
}
