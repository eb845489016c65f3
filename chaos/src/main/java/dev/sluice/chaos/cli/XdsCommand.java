package dev.sluice.chaos.cli;

import dev.sluice.chaos.xds.Tls;
import dev.sluice.chaos.xds.XdsProxy;
import dev.sluice.contract.Parsed;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice chaos xds}: a proxy of xDS that breaks it on demand. */
@Command(
        name = "xds",
        mixinStandardHelpOptions = true,
        description = {
            "Stands between nodes and their control plane, and breaks xDS while a fault is leased",
            "on its API. Let the nodes' bootstrap name it in place of the control plane."
        })
final class XdsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "For nodes; port 0 is any free one. Default: ${DEFAULT-VALUE}")
    private String listen = "127.0.0.1:18001";

    @Option(
            names = "--upstream",
            required = true,
            paramLabel = "HOST:PORT",
            description = "The control plane")
    private String upstream = "";

    @Option(
            names = "--api",
            paramLabel = "HOST:PORT",
            description = "For faults; port 0 is any free one. Default: ${DEFAULT-VALUE}")
    private String api = "127.0.0.1:18002";

    @Option(
            names = "--token",
            paramLabel = "FILE",
            description = "Token of the API; required when it listens beyond loopback")
    private Optional<Path> token = Optional.empty();

    @Mixin private XdsTlsOptions tls = new XdsTlsOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        InetSocketAddress apiAddress = address("--api", api);
        if (token.isEmpty() && !apiAddress.getAddress().isLoopbackAddress()) {
            throw wrong("--api " + api + " without --token (expected: loopback, or a token)");
        }
        Parsed<Tls> read = tls.read();
        if (!(read instanceof Parsed.Ok<Tls>(Tls spoken))) {
            return RunOptions.refuse(read.problems(), spec.commandLine()).number();
        }
        XdsProxy.Settings settings =
                new XdsProxy.Settings(
                        address("--listen", listen),
                        address("--upstream", upstream),
                        apiAddress,
                        token.isEmpty()
                                ? Optional.empty()
                                : Optional.of(GivenFiles.read(token.get()).strip()),
                        spoken);
        CountDownLatch ended = new CountDownLatch(1);
        try (XdsProxy proxy = XdsProxy.start(settings)) {
            Runtime.getRuntime().addShutdownHook(new Thread(ended::countDown, "xds-end"));
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "sluice chaos xds ready: nodes on port %d, API on port %d%n",
                    proxy.port(), proxy.apiPort());
            out.flush();
            ended.await();
        }
        return ExitCode.PASSED.number();
    }

    private InetSocketAddress address(String option, String text) {
        return ToxiproxyCommand.address(text)
                .orElseThrow(() ->
                        wrong(option + " '" + text + "' (expected: HOST:PORT, port 0 to 65535)"));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
