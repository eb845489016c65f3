package dev.sluice.chaos.cli;

import dev.sluice.chaos.xds.Tls;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problems;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** TLS of {@code sluice chaos xds}; files are PEM. */
final class XdsTlsOptions {
    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Speak TLS to nodes, with this certificate chain; needs --tls-key")
    private Optional<Path> certificate = Optional.empty();

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PKCS #8")
    private Optional<Path> key = Optional.empty();

    @Option(
            names = "--tls-client-ca",
            paramLabel = "FILE",
            description = "Take only nodes with a certificate of these authorities")
    private Optional<Path> clientAuthorities = Optional.empty();

    @Option(
            names = "--upstream-ca",
            paramLabel = "FILE",
            description =
                    "Speak TLS to the control plane, whose certificate is of these authorities")
    private Optional<Path> upstreamAuthorities = Optional.empty();

    @Option(
            names = "--upstream-cert",
            paramLabel = "FILE",
            description = "Own certificate chain for the control plane; needs --upstream-key")
    private Optional<Path> upstreamCertificate = Optional.empty();

    @Option(names = "--upstream-key", paramLabel = "FILE", description = "Its private key, PKCS #8")
    private Optional<Path> upstreamKey = Optional.empty();

    @Option(
            names = "--upstream-name",
            paramLabel = "NAME",
            description = "Name in the control plane's certificate. Default: its host")
    private Optional<String> upstreamName = Optional.empty();

    /** What they say, or every problem. */
    Parsed<Tls> read() {
        Problems problems = Problems.root();
        together("--tls-cert", certificate, "--tls-key", key, problems);
        together("--upstream-cert", upstreamCertificate, "--upstream-key", upstreamKey, problems);
        needs("--tls-client-ca", clientAuthorities, "--tls-cert", certificate, problems);
        needs(
                "--upstream-cert",
                upstreamCertificate,
                "--upstream-ca",
                upstreamAuthorities,
                problems);
        needs("--upstream-name", upstreamName, "--upstream-ca", upstreamAuthorities, problems);
        ServerCredentials nodes = InsecureServerCredentials.create();
        ChannelCredentials upstream = InsecureChannelCredentials.create();
        if (problems.isEmpty()) {
            nodes = nodes(problems).orElse(nodes);
            upstream = upstream(problems).orElse(upstream);
        }
        Tls tls = new Tls(nodes, upstream, upstreamName);
        return problems.finish(() -> tls);
    }

    private static void together(
            String one, Optional<?> first, String other, Optional<?> second, Problems problems) {
        needs(one, first, other, second, problems);
        needs(other, second, one, first, problems);
    }

    private static void needs(
            String one, Optional<?> first, String other, Optional<?> second, Problems problems) {
        if (first.isPresent() && second.isEmpty()) {
            problems.field(one).add("no " + other, one + " with " + other, "give both");
        }
    }

    private Optional<ServerCredentials> nodes(Problems problems) {
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        TlsServerCredentials.Builder tls = TlsServerCredentials.newBuilder();
        try {
            tls.keyManager(certificate.get().toFile(), key.get().toFile());
            if (clientAuthorities.isPresent()) {
                tls.trustManager(clientAuthorities.get().toFile())
                        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
            }
        } catch (IOException unreadable) {
            unreadable("--tls-cert", unreadable, problems);
        }
        return Optional.of(tls.build());
    }

    private Optional<ChannelCredentials> upstream(Problems problems) {
        if (upstreamAuthorities.isEmpty()) {
            return Optional.empty();
        }
        TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
        try {
            tls.trustManager(upstreamAuthorities.get().toFile());
            if (upstreamCertificate.isPresent() && upstreamKey.isPresent()) {
                tls.keyManager(upstreamCertificate.get().toFile(), upstreamKey.get().toFile());
            }
        } catch (IOException unreadable) {
            unreadable("--upstream-ca", unreadable, problems);
        }
        return Optional.of(tls.build());
    }

    private static void unreadable(String option, IOException why, Problems problems) {
        problems.field(option)
                .add(
                        "a file that can't be read (" + why.getMessage() + ")",
                        "PEM files",
                        "correct their names or rights");
    }
}
