package dev.sluice.chaos.cli;

import dev.sluice.chaos.toxiproxy.ToxiproxyServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice chaos toxiproxy}: an embedded Toxiproxy as a process, until a signal ends it. */
@Command(
        name = "toxiproxy",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a server on the wire of Toxiproxy 2.12.",
            "It asks nobody who they are: let it listen on loopback only."
        })
final class ToxiproxyCommand implements Callable<Integer> {
    private static final int LARGEST_PORT = 65_535;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Address of the API; port 0 is any free one. Default: ${DEFAULT-VALUE}")
    private String listen = "127.0.0.1:" + ToxiproxyServer.DEFAULT_PORT;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Repeats what chance decided in a run of this seed. Default: a new one")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "JSON array of proxies to create, as Toxiproxy's own -config")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--loops",
            paramLabel = "COUNT",
            description = "Threads that move bytes. Default: ${DEFAULT-VALUE}")
    private int loops = 2;

    @Option(
            names = "--proxy-metrics",
            description =
                    "Show the bytes of proxies at /metrics, as Toxiproxy's own -proxy-metrics")
    private boolean proxyMetrics;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (loops < 1) {
            throw wrong("--loops " + loops + " (expected: 1 or more)");
        }
        long chosen = seed.orElseGet(() -> new SecureRandom().nextLong());
        Optional<String> proxies = config.isEmpty() ? Optional.empty() : Optional.of(read());
        CountDownLatch ended = new CountDownLatch(1);
        try (ToxiproxyServer server =
                ToxiproxyServer.start(
                        new ToxiproxyServer.Settings(address(), chosen, loops, page()))) {
            List<String> refused = proxies.map(server::populate).orElse(List.of());
            if (!refused.isEmpty()) {
                throw wrong(config.orElseThrow() + ": " + refused.getFirst());
            }
            Runtime.getRuntime().addShutdownHook(new Thread(ended::countDown, "toxiproxy-end"));
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "sluice chaos toxiproxy ready: API on %s:%d, seed %d%n",
                    server.address().getAddress().getHostAddress(),
                    server.address().getPort(),
                    chosen);
            out.flush();
            ended.await();
        }
        return ExitCode.PASSED.number();
    }

    private ToxiproxyServer.Page page() {
        return proxyMetrics ? ToxiproxyServer.Page.PROXY_METRICS : ToxiproxyServer.Page.NONE;
    }

    private String read() {
        Path file = config.orElseThrow();
        try {
            return GivenFiles.read(file);
        } catch (FileSystemException unreadable) {
            throw wrong(
                    "--config %s: %s (expected: a file in UTF-8); %s"
                            .formatted(file, GivenFiles.reason(unreadable), GivenFiles.REMEDY));
        }
    }

    private InetSocketAddress address() {
        return address(listen).orElseThrow(this::wrongListen);
    }

    /** The address; empty when the text is none, or its host has none. */
    static Optional<InetSocketAddress> address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = colon < 1 ? -1 : Integer.parseInt(text.substring(colon + 1));
            if (port >= 0 && port <= LARGEST_PORT) {
                return Optional.of(new InetSocketAddress(text.substring(0, colon), port))
                        .filter(address -> !address.isUnresolved());
            }
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private ParameterException wrongListen() {
        return wrong(
                "--listen '" + listen + "' (expected: HOST:PORT of this machine, port 0 to 65535)");
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
