package dev.sluice.control.boot;

import dev.sluice.contract.Problem;
import dev.sluice.control.audit.Checkpoint;
import dev.sluice.control.audit.LogCheck;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.checkpoint.CheckpointFolder;
import dev.sluice.control.checkpoint.SignedCheckpoints;
import dev.sluice.control.checkpoint.SigningKeys;
import dev.sluice.control.store.LogReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code sluice control audit}: looks at the log of a control plane, running or not, and never
 * writes it. For one run.
 */
@Command(
        name = "sluice control audit",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        version = "sluice 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "Checks, exports and signs the log of a control plane.",
        footer = {"", "Exit codes: 0 whole, 1 damaged, 2 wrong use or a file that can't be read."})
final class AuditCommand implements Callable<Integer> {
    private static final int WHOLE = 0;
    private static final int DAMAGED = 1;
    private static final int WRONG_USE = 2;
    private static final int PAGE = 1_000;

    private final PrintWriter out;
    private final PrintWriter err;
    private final LogDefaults defaults;
    private final InstantSource clock;

    AuditCommand(PrintWriter out, PrintWriter err, LogDefaults defaults, InstantSource clock) {
        this.out = out;
        this.err = err;
        this.defaults = defaults;
        this.clock = clock;
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

    @Command(description = "Reads the whole log; finds each changed, missing or added byte.")
    int verify(
            @Mixin LogOptions state,
            @Option(
                            names = "--checkpoints",
                            paramLabel = "PLACE",
                            description =
                                    "File or folder of signed checkpoints: finds a cut or rewritten"
                                            + " log too, up to the newest of them")
                    Optional<Path> checkpoints,
            @Option(
                            names = "--key",
                            paramLabel = "FILE",
                            description = "Public key of the checkpoints, PEM")
                    Optional<Path> key)
            throws IOException, GeneralSecurityException {
        if (checkpoints.isPresent() != key.isPresent()) {
            throw new StoreException(
                    new Problem(
                            "--checkpoints, --key",
                            "one of them",
                            "both or none",
                            "give the file of checkpoints and the public key that signed them"));
        }
        SignedCheckpoints signed =
                checkpoints.isPresent()
                        ? SignedCheckpoints.read(
                                checkpoints.get(), SigningKeys.readPublic(key.orElseThrow()))
                        : SignedCheckpoints.NONE;
        LogCheck check = check(state, signed.all());
        check.problems()
                .forEach(problem -> err.println("sluice control audit: " + problem.message()));
        if (!check.problems().isEmpty()) {
            return DAMAGED;
        }
        out.printf(
                "whole: %d events, %d checkpoints%s, end %s%n",
                check.end().seq(),
                signed.all().size(),
                signed.newest()
                        .map(it ->
                                ", the newest of event %d at %s"
                                        .formatted(it.head().seq(), it.time()))
                        .orElse(""),
                check.end().hash().hex());
        return WHOLE;
    }

    @Command(
            description = {
                "Prints every event as a line, with the digests of each resource that it changed,",
                "before and after."
            })
    int export(
            @Mixin LogOptions state,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            defaultValue = "jsonl",
                            description = "jsonl or csv. Default: jsonl")
                    LogExport.Format format,
            @Option(
                            names = "--from",
                            paramLabel = "SEQ",
                            defaultValue = "1",
                            description = "First event. Default: 1")
                    long from) {
        try (LogReader log = state.log(defaults)) {
            Optional<Problem> broken = new LogExport(out, format).print(log, from);
            broken.ifPresent(problem -> err.println("sluice control audit: " + problem.message()));
            return broken.isPresent() ? DAMAGED : WHOLE;
        }
    }

    @Command(
            description = {
                "Checks the log, then adds a signed checkpoint of its end to a file or folder.",
                "Keep that, and the key, where who can write the log can't."
            })
    int checkpoint(
            @Mixin LogOptions state,
            @Option(
                            names = "--checkpoints",
                            required = true,
                            paramLabel = "PLACE",
                            description =
                                    "File to which it is added, or folder that gets one more file")
                    Path checkpoints,
            @Option(
                            names = "--key",
                            required = true,
                            paramLabel = "FILE",
                            description = "Private key, PEM (PKCS #8, Ed25519)")
                    Path key)
            throws IOException, GeneralSecurityException {
        LogCheck check = check(state, List.of());
        check.problems()
                .forEach(problem -> err.println("sluice control audit: " + problem.message()));
        if (!check.problems().isEmpty()) {
            return DAMAGED;
        }
        Checkpoint signed =
                Checkpoint.sign(check.end(), clock.instant(), SigningKeys.readPrivate(key));
        if (Files.isDirectory(checkpoints)) {
            new CheckpointFolder(checkpoints).put(signed);
        } else {
            Files.writeString(
                    checkpoints,
                    signed.line() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND,
                    StandardOpenOption.SYNC);
        }
        out.println(signed.line());
        return WHOLE;
    }

    @Command(description = "Makes a new pair of keys for checkpoints.")
    int keygen(
            @Option(
                            names = "--key",
                            required = true,
                            paramLabel = "FILE",
                            description = "Where the private key is written; must not be there")
                    Path key,
            @Option(
                            names = "--public",
                            required = true,
                            paramLabel = "FILE",
                            description = "Where the public key is written; must not be there")
                    Path publicKey)
            throws IOException, GeneralSecurityException {
        SigningKeys.generate(key, publicKey);
        return WHOLE;
    }

    private LogCheck check(LogOptions state, List<Checkpoint> checkpoints) {
        try (LogReader log = state.log(defaults)) {
            LogCheck check = new LogCheck(checkpoints, ProgramForm.ofState().flatMap(log::image));
            List<LoggedEvent> page = log.read(1, PAGE);
            while (!page.isEmpty() && check.read(page)) {
                page = log.read(check.end().seq() + 1, PAGE);
            }
            return check;
        }
    }

    private int refused(Exception failure) {
        err.println("sluice control audit: " + LogOptions.why(failure));
        return failure instanceof StoreException damaged && damaged.getCause() != null
                ? DAMAGED
                : WRONG_USE;
    }
}
