package dev.sluice.chaos.cli;

import dev.sluice.chaos.client.SlowClientSettings;
import dev.sluice.chaos.client.SlowClients;
import dev.sluice.chaos.client.Slowness;
import dev.sluice.contract.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice chaos clients}: clients that hold on to a server for a while. */
@Command(
        name = "clients",
        mixinStandardHelpOptions = true,
        description = {
            "Holds connections to a server: heads that never end, or answers that are hardly read.",
            "Prints what became of them. Targets are on this machine, or named."
        })
final class ClientsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            description = "headers: a byte of a head after the other; readers: slow to read")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "URL", description = "http://HOST:PORT/PATH")
    private String target = "";

    @Option(
            names = "--allow-target",
            paramLabel = "HOST:PORT",
            description = "A target that is not this machine, and may get load")
    private Set<String> named = Set.of();

    @Option(
            names = "--connections",
            paramLabel = "NUMBER",
            description = "How many at once, at most 10000. Default: ${DEFAULT-VALUE}")
    private int connections = 2000;

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            description = "Between two pieces, 10ms to 1m. Default: ${DEFAULT-VALUE}")
    private String every = "1s";

    @Option(
            names = "--piece",
            paramLabel = "BYTES",
            description = "What a reader takes at once, at most 65536. Default: ${DEFAULT-VALUE}")
    private int piece = 1024;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            description = "How long, at most 1h. Default: ${DEFAULT-VALUE}")
    private String length = "30s";

    @Option(
            names = "--at-least",
            paramLabel = "NUMBER",
            description =
                    "Connections that must be open at once, else exit code 3."
                            + " Default: ${DEFAULT-VALUE}")
    private int atLeast = 1;

    @Option(
            names = "--ended-within",
            paramLabel = "DURATION",
            description =
                    "The server must end each connection so soon, else exit code 1. Default: not"
                            + " asked")
    private Optional<String> endedWithin = Optional.empty();

    @Override
    public Integer call() {
        SlowClientSettings settings =
                new SlowClientSettings(
                        slowness(), url(), named, connections, time("--every", every), piece);
        Duration time = time("--for", length);
        Optional<Duration> longestLife = endedWithin.map(text -> time("--ended-within", text));
        List<Problem> problems = settings.problems();
        if (!problems.isEmpty()) {
            return RunOptions.refuse(problems, spec.commandLine()).number();
        }
        SlowClients.Seen seen;
        SignalledWaits signalled = SignalledWaits.begin("clients-end");
        try (SlowClients clients = SlowClients.begin(settings)) {
            signalled.waits().pause(time);
            seen = clients.seen();
        }
        if (signalled.end()) {
            return ExitCode.INTERRUPTED.number();
        }
        spec.commandLine()
                .getOut()
                .printf(
                        "{\"most_open\": %d, \"ended\": %d, \"refused\": %d,"
                                + " \"longest_life_ms\": %d}%n",
                        seen.mostOpen(),
                        seen.ended(),
                        seen.refused(),
                        seen.longestLife().toMillis());
        if (seen.mostOpen() < atLeast) {
            return ExitCode.INCONCLUSIVE.number();
        }
        boolean outlived =
                longestLife.isPresent() && seen.longestLife().compareTo(longestLife.get()) > 0;
        return (outlived ? ExitCode.DEVIATED : ExitCode.PASSED).number();
    }

    private Slowness slowness() {
        return Arrays.stream(Slowness.values())
                .filter(known -> known.word().equals(kind))
                .findFirst()
                .orElseThrow(() -> wrong("kind '" + kind + "' (expected: headers or readers)"));
    }

    private URI url() {
        try {
            return new URI(target);
        } catch (URISyntaxException wrong) {
            throw wrong("'" + target + "' (expected: http://HOST:PORT/PATH)");
        }
    }

    private Duration time(String option, String text) {
        return HeldTime.parse(spec, option, text);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
