package dev.sluice.control.cli.session;

import static picocli.CommandLine.ScopeType.INHERIT;

import dev.sluice.control.cli.output.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that every command takes. Filled once by the parser, then only read. */
public final class Options {
    /** Port of the admin API unless a control plane is told otherwise. */
    static final int DEFAULT_PORT = 9720;

    @Option(
            names = "--server",
            scope = INHERIT,
            paramLabel = "HOST:PORT",
            description = "Control plane. Default: $SLUICE_SERVER, else 127.0.0.1:" + DEFAULT_PORT)
    private String server = "";

    @Option(
            names = "--token",
            scope = INHERIT,
            paramLabel = "TOKEN",
            description =
                    "Proves who calls. Default: $SLUICE_TOKEN, else the token file of the control"
                            + " plane's state folder on this machine")
    private String token = "";

    @Option(
            names = "--state",
            scope = INHERIT,
            paramLabel = "FOLDER",
            description =
                    "State folder of a control plane on this machine, for its token. Default:"
                            + " $SLUICE_STATE, else ~/.sluice/control")
    private String state = "";

    @Option(
            names = "--ca",
            scope = INHERIT,
            paramLabel = "FILE",
            description =
                    "Trusted certificates, PEM: speak TLS. Default: plain text, to loopback only")
    private String trustedCa = "";

    @Option(
            names = "--client-cert",
            scope = INHERIT,
            paramLabel = "FILE",
            description =
                    "Client certificate chain, PEM, that proves who calls, with --client-key and --ca; no"
                            + " token is shown then. Default: $SLUICE_CLIENT_CERT")
    private String certificate = "";

    @Option(
            names = "--client-key",
            scope = INHERIT,
            paramLabel = "FILE",
            description = "Its private key, PEM. Default: $SLUICE_CLIENT_KEY")
    private String key = "";

    @Option(
            names = "--timeout",
            scope = INHERIT,
            paramLabel = "SECONDS",
            description = "Longest wait for an answer; watching has none. Default: 10")
    private int timeoutSeconds = 10;

    @Option(
            names = {"-o", "--output"},
            scope = INHERIT,
            paramLabel = "FORMAT",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: table")
    private Format format = Format.table;

    Format format() {
        return format;
    }

    Duration timeout() {
        if (timeoutSeconds < 1) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "--timeout",
                    Integer.toString(timeoutSeconds),
                    "1 or more seconds",
                    "give a longer time");
        }
        return Duration.ofSeconds(timeoutSeconds);
    }

    /** Where to call, from the options, then the environment, then this machine's state folder. */
    Target target(Map<String, String> environment, Path home) {
        String address =
                firstGiven(
                        server,
                        environment.getOrDefault("SLUICE_SERVER", ""),
                        "127.0.0.1:" + DEFAULT_PORT);
        int colon = address.lastIndexOf(':');
        Optional<Integer> port = colon < 1 ? Optional.empty() : port(address.substring(colon + 1));
        if (port.isEmpty()) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "--server",
                    address,
                    "HOST:PORT, port 1..65535",
                    "for example 127.0.0.1:" + DEFAULT_PORT);
        }
        String host = address.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
        return new Target(
                host,
                port.get(),
                proof(environment, home),
                trustedCa.isEmpty() ? Optional.empty() : Optional.of(Path.of(trustedCa)));
    }

    private Target.Proof proof(Map<String, String> environment, Path home) {
        String chain =
                firstGiven(certificate, environment.getOrDefault("SLUICE_CLIENT_CERT", ""), "");
        String chainKey = firstGiven(key, environment.getOrDefault("SLUICE_CLIENT_KEY", ""), "");
        if (!chain.isEmpty() || !chainKey.isEmpty()) {
            if (chain.isEmpty() || chainKey.isEmpty() || trustedCa.isEmpty()) {
                throw new Trouble(
                        ExitCode.INVALID,
                        "--client-cert, --client-key, --ca",
                        "not all of them",
                        "all three",
                        "give the certificate, its key and the authority of the control plane");
            }
            return new Target.Proof.Certificate(Path.of(chain), Path.of(chainKey));
        }
        String given = firstGiven(token, environment.getOrDefault("SLUICE_TOKEN", ""), "");
        return (given.isEmpty() ? tokenOfThisMachine(environment, home) : Optional.of(given))
                .<Target.Proof>map(Target.Proof.Token::new)
                .orElseGet(Target.Proof.None::new);
    }

    private Optional<String> tokenOfThisMachine(Map<String, String> environment, Path home) {
        String folder = firstGiven(state, environment.getOrDefault("SLUICE_STATE", ""), "");
        Path file =
                (folder.isEmpty() ? home.resolve(".sluice/control") : Path.of(folder))
                        .resolve("admin.token");
        try {
            return Files.isReadable(file)
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new Trouble(
                    ExitCode.DENIED,
                    "token file " + file,
                    String.valueOf(e.getMessage()),
                    "a readable file",
                    "give --token or set SLUICE_TOKEN");
        }
    }

    private static Optional<Integer> port(String text) {
        return text.matches("[0-9]{1,5}")
                        && Integer.parseInt(text) >= 1
                        && Integer.parseInt(text) <= 65_535
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }

    private static String firstGiven(String first, String second, String third) {
        return !first.isEmpty() ? first : !second.isEmpty() ? second : third;
    }
}
